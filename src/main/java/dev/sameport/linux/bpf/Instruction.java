package dev.sameport.linux.bpf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// One instruction of 8 bytes: `opcode:8 source:4 destination:4 offset:16 immediate:32`, in the
/// byte order of the machine (RFC 9669, section 3).
///
/// @param opcode 0–255
/// @param destination register number, 0–15
/// @param source register number, 0–15, or a mark of what the immediate is
public record Instruction(int opcode, int destination, int source, short offset, int immediate) {
    /// What one takes.
    public static final int BYTES = 8;

    public Instruction {
        if ((opcode & ~0xff) != 0 || (destination & ~0xf) != 0 || (source & ~0xf) != 0) {
            throw new IllegalArgumentException(
                    "opcode " + opcode + ", registers " + destination + " and " + source);
        }
    }

    void encode(ByteBuffer to) {
        boolean little = to.order() == ByteOrder.LITTLE_ENDIAN;
        to.put((byte) opcode)
                .put((byte) (little ? source << 4 | destination : destination << 4 | source))
                .putShort(offset)
                .putInt(immediate);
    }

    static Instruction decode(ByteBuffer from) {
        boolean little = from.order() == ByteOrder.LITTLE_ENDIAN;
        int opcode = Byte.toUnsignedInt(from.get());
        int registers = Byte.toUnsignedInt(from.get());
        int high = registers >>> 4;
        int low = registers & 0xf;
        return new Instruction(
                opcode, little ? low : high, little ? high : low, from.getShort(), from.getInt());
    }
}
