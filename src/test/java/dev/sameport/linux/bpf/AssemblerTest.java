package dev.sameport.linux.bpf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class AssemblerTest {
    private static final int PROGRAMS = 2_000;

    /// What clang makes of it, by hand from RFC 9669.
    @Test
    void each_instruction_has_the_bytes_of_the_standard() {
        Bytecode program =
                new Assembler()
                        .move(Register.R6, Register.R1)
                        .move(Register.R0, 1)
                        .plus(Register.R2, -16)
                        .and(Register.R3, 255)
                        .swapHalf(Register.R4)
                        .map(Register.R1, 7)
                        .load(Width.WORD, Register.R3, Register.R6, 24)
                        .store(Width.DOUBLE, Register.R10, -16, Register.R0)
                        .store(Width.WORD, Register.R10, -4, 1)
                        .atomicPlus(Register.R0, 8, Register.R1)
                        .call(Helper.MAP_LOOKUP)
                        .jumpIfEqual(Register.R0, 0, "end")
                        .jumpIfNotEqual(Register.R0, 5, "end")
                        .jump("end")
                        .label("end")
                        .exit()
                        .assemble();
        assertEquals(
                """
                bf16000000000000
                b700000001000000
                07020000f0ffffff
                57030000ff000000
                dc04000010000000
                1811000007000000
                0000000000000000
                6163180000000000
                7b0af0ff00000000
                620afcff01000000
                db10080000000000
                8500000001000000
                1500020000000000
                5500010005000000
                0500000000000000
                9500000000000000
                """,
                hex(program));
    }

    private static String hex(Bytecode program) {
        StringBuilder text = new StringBuilder();
        byte[] bytes = program.encode(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < bytes.length; i += Instruction.BYTES) {
            text.append(HexFormat.of().formatHex(bytes, i, i + Instruction.BYTES)).append('\n');
        }
        return text.toString();
    }

    @Test
    void encoding_and_decoding_agree_in_both_byte_orders() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < PROGRAMS; i++) {
            List<Instruction> instructions = new ArrayList<>();
            for (int left = random.nextInt(20); left > 0; left--) {
                instructions.add(
                        new Instruction(
                                random.nextInt(256),
                                random.nextInt(16),
                                random.nextInt(16),
                                (short) random.nextInt(),
                                random.nextInt()));
            }
            Bytecode program = new Bytecode(instructions);
            for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
                byte[] bytes = program.encode(order);
                assertEquals(program, Bytecode.decode(bytes, order), "program " + i);
                assertArrayEquals(bytes, Bytecode.decode(bytes, order).encode(order));
            }
        }
    }

    @Test
    void half_an_instruction_is_refused() {
        assertThrows(
                IllegalArgumentException.class,
                () -> Bytecode.decode(new byte[12], ByteOrder.LITTLE_ENDIAN));
    }

    @Test
    void jumps_go_forth_and_back_to_their_labels() {
        Bytecode program =
                new Assembler()
                        .label("start")
                        .move(Register.R0, 0)
                        .jump("end")
                        .jump("start")
                        .label("end")
                        .exit()
                        .assemble();
        assertEquals(1, program.instructions().get(1).offset());
        assertEquals(-3, program.instructions().get(2).offset());
    }

    @Test
    void a_label_that_is_missing_or_there_twice_is_an_error_that_names_it() {
        IllegalStateException missing =
                assertThrows(
                        IllegalStateException.class, () -> new Assembler().jump("x").assemble());
        assertEquals("there is no label 'x'", missing.getMessage());
        Assembler twice = new Assembler().label("x");
        assertThrows(IllegalArgumentException.class, () -> twice.label("x"));
    }

    @Test
    void an_offset_of_more_than_16_bits_is_refused() {
        Assembler assembler = new Assembler();
        assertThrows(
                IllegalArgumentException.class,
                () -> assembler.load(Width.WORD, Register.R0, Register.R1, 40_000));
    }
}
