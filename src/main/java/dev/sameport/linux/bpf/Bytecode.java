package dev.sameport.linux.bpf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/// An assembled program.
public record Bytecode(List<Instruction> instructions) {
    public Bytecode {
        instructions = List.copyOf(instructions);
    }

    /// As the kernel takes it, in this machine's byte order.
    public byte[] encode() {
        return encode(ByteOrder.nativeOrder());
    }

    byte[] encode(ByteOrder order) {
        ByteBuffer bytes =
                ByteBuffer.allocate(instructions.size() * Instruction.BYTES).order(order);
        instructions.forEach(instruction -> instruction.encode(bytes));
        return bytes.array();
    }

    /// Reads a program back, as the kernel dumps it.
    ///
    /// @throws IllegalArgumentException when it is not whole instructions
    static Bytecode decode(byte[] program, ByteOrder order) {
        if (program.length % Instruction.BYTES != 0) {
            throw new IllegalArgumentException(
                    program.length + " bytes are no whole instructions of " + Instruction.BYTES);
        }
        ByteBuffer bytes = ByteBuffer.wrap(program).order(order);
        List<Instruction> instructions = new ArrayList<>();
        while (bytes.hasRemaining()) {
            instructions.add(Instruction.decode(bytes));
        }
        return new Bytecode(instructions);
    }
}
