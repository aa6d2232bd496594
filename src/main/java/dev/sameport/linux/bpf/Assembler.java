package dev.sameport.linux.bpf;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes a program down, one instruction a call, in order. Jumps name labels, which may come
/// later. Not thread-safe.
public final class Assembler {
    // The lower three bits: the class of an instruction.
    private static final int LD = 0x00;
    private static final int LDX = 0x01;
    private static final int ST = 0x02;
    private static final int STX = 0x03;
    private static final int ALU = 0x04;
    private static final int JMP = 0x05;
    private static final int ALU64 = 0x07;

    private static final int MEM = 0x60;
    private static final int ATOMIC = 0xc0;
    private static final int IMM64 = 0x18;
    private static final int FROM_REGISTER = 0x08;
    private static final int TO_BIG_ENDIAN = 0x08;

    private static final int ADD = 0x00;
    private static final int AND = 0x50;
    private static final int MOV = 0xb0;
    private static final int END = 0xd0;

    private static final int ALWAYS = 0x00;
    private static final int EQUAL = 0x10;
    private static final int NOT_EQUAL = 0x50;
    private static final int CALL = 0x80;
    private static final int EXIT = 0x90;

    /// The immediate of a 64-bit load is the descriptor of a map.
    private static final int IS_MAP = 1;

    private record Line(Instruction instruction, @Nullable String target) {}

    private final List<Line> lines = new ArrayList<>();
    private final Map<String, Integer> labels = new HashMap<>();

    /// `to = from`.
    public Assembler move(Register to, Register from) {
        return add(ALU64 | MOV | FROM_REGISTER, to, from, 0, 0);
    }

    /// `to = value`, sign-extended.
    public Assembler move(Register to, int value) {
        return add(ALU64 | MOV, to, Register.R0, 0, value);
    }

    /// `to += value`.
    public Assembler plus(Register to, int value) {
        return add(ALU64 | ADD, to, Register.R0, 0, value);
    }

    /// `to &= value`, sign-extended.
    public Assembler and(Register to, int value) {
        return add(ALU64 | AND, to, Register.R0, 0, value);
    }

    /// The lower 16 bits of `of` from the machine's order to the network's, or back; the rest
    /// becomes zero.
    public Assembler swapHalf(Register of) {
        return add(ALU | END | TO_BIG_ENDIAN, of, Register.R0, 0, 16);
    }

    /// `to` = the map with this descriptor in the loading process.
    public Assembler map(Register to, int descriptor) {
        lines.add(
                new Line(
                        new Instruction(LD | IMM64, to.number(), IS_MAP, (short) 0, descriptor),
                        null));
        lines.add(new Line(new Instruction(0, 0, 0, (short) 0, 0), null));
        return this;
    }

    /// `to = *(base + offset)`, zero-extended.
    public Assembler load(Width width, Register to, Register base, int offset) {
        return add(LDX | MEM | width.code(), to, base, offset, 0);
    }

    /// `*(base + offset) = from`.
    public Assembler store(Width width, Register base, int offset, Register from) {
        return add(STX | MEM | width.code(), base, from, offset, 0);
    }

    /// `*(base + offset) = value`.
    public Assembler store(Width width, Register base, int offset, int value) {
        return add(ST | MEM | width.code(), base, Register.R0, offset, value);
    }

    /// `*(base + offset) += from`, in one step, of 8 bytes.
    public Assembler atomicPlus(Register base, int offset, Register from) {
        return add(STX | ATOMIC | Width.DOUBLE.code(), base, from, offset, ADD);
    }

    /// Calls; the result is in R0.
    public Assembler call(Helper helper) {
        return add(JMP | CALL, Register.R0, Register.R0, 0, helper.number());
    }

    /// Goes on at a label.
    public Assembler jump(String label) {
        return add(JMP | ALWAYS, Register.R0, Register.R0, 0, label);
    }

    /// Goes on at a label if `register == value`.
    public Assembler jumpIfEqual(Register register, int value, String label) {
        return add(JMP | EQUAL, register, Register.R0, value, label);
    }

    /// Goes on at a label if `register != value`.
    public Assembler jumpIfNotEqual(Register register, int value, String label) {
        return add(JMP | NOT_EQUAL, register, Register.R0, value, label);
    }

    /// Ends with the result in R0.
    public Assembler exit() {
        return add(JMP | EXIT, Register.R0, Register.R0, 0, 0);
    }

    /// Names the place of the next instruction.
    ///
    /// @throws IllegalArgumentException where the name is taken
    public Assembler label(String name) {
        if (labels.putIfAbsent(name, lines.size()) != null) {
            throw new IllegalArgumentException("label '" + name + "' is there twice");
        }
        return this;
    }

    private Assembler add(
            int opcode, Register destination, Register source, int offset, int immediate) {
        lines.add(
                new Line(
                        new Instruction(
                                opcode,
                                destination.number(),
                                source.number(),
                                half(offset),
                                immediate),
                        null));
        return this;
    }

    private Assembler add(
            int opcode, Register destination, Register source, int immediate, String target) {
        lines.add(
                new Line(
                        new Instruction(
                                opcode,
                                destination.number(),
                                source.number(),
                                (short) 0,
                                immediate),
                        target));
        return this;
    }

    private static short half(int offset) {
        if (offset != (short) offset) {
            throw new IllegalArgumentException("offset " + offset + " is outside -32768–32767");
        }
        return (short) offset;
    }

    /// The program.
    ///
    /// @throws IllegalStateException where a jump goes to a label that there is not
    public Bytecode assemble() {
        List<Instruction> instructions = new ArrayList<>(lines.size());
        for (int at = 0; at < lines.size(); at++) {
            Line line = lines.get(at);
            instructions.add(
                    line.target() == null
                            ? line.instruction()
                            : jumpTo(line.target(), at, line.instruction()));
        }
        return new Bytecode(instructions);
    }

    private Instruction jumpTo(String target, int at, Instruction jump) {
        Integer place = labels.get(target);
        if (place == null) {
            throw new IllegalStateException("there is no label '" + target + "'");
        }
        // Counted from the instruction after the jump.
        return new Instruction(
                jump.opcode(),
                jump.destination(),
                jump.source(),
                half(place - at - 1),
                jump.immediate());
    }
}
