package dev.sameport.linux;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sameport.linux.bpf.Assembler;
import dev.sameport.linux.bpf.Register;
import dev.sameport.linux.bpf.Width;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class BpfProgramTest {

    @Test
    void a_program_that_the_verifier_refuses_says_why() {
        Assembler readsWhatIsNotThere =
                new Assembler().load(Width.WORD, Register.R0, Register.R10, 8).exit();

        BpfRefusedException refusal =
                assertThrows(
                        BpfRefusedException.class,
                        () ->
                                BpfProgram.load(
                                                BpfProgram.Kind.BIND_IPV4,
                                                "test",
                                                readsWhatIsNotThere.assemble())
                                        .close());

        assertTrue(refusal.getMessage().contains("invalid read"), refusal.getMessage());
        assertTrue(refusal.log().lines().count() > 1, refusal.log());
    }

    @Test
    void a_loaded_program_has_a_number() {
        try (BpfProgram program =
                BpfProgram.load(
                        BpfProgram.Kind.BIND_IPV6,
                        "test",
                        new Assembler().move(Register.R0, 1).exit().assemble())) {
            assertTrue(program.id() > 0);
        }
    }

    @Test
    void a_map_keeps_what_is_put_until_it_is_removed() {
        byte[] key = {1, 0, 0, 0};
        byte[] value = {9, 8, 7, 6, 5, 4, 3, 2};
        try (BpfMap map = BpfMap.create(BpfMap.Type.HASH, "test", 4, 8, 16)) {
            assertEquals(Optional.empty(), map.get(key));
            assertFalse(map.remove(key));

            map.put(key, value);

            assertArrayEquals(value, map.get(key).orElseThrow());
            assertArrayEquals(key, map.keys().getFirst());
            assertEquals(1, map.keys().size());
            assertTrue(map.remove(key));
            assertEquals(0, map.keys().size());
        }
    }

    @Test
    void a_full_map_is_an_error_that_names_it() {
        try (BpfMap map = BpfMap.create(BpfMap.Type.HASH, "tiny", 4, 4, 1)) {
            map.put(new byte[] {1, 0, 0, 0}, new byte[4]);
            LinuxException full =
                    assertThrows(
                            LinuxException.class,
                            () -> map.put(new byte[] {2, 0, 0, 0}, new byte[4]));
            assertTrue(full.getMessage().contains("tiny"), full.getMessage());
        }
    }

    @Test
    void a_per_processor_map_gives_a_value_for_each() {
        try (BpfMap map = BpfMap.create(BpfMap.Type.PER_CPU_ARRAY, "test", 4, 8, 4)) {
            assertEquals(8 * BpfMap.processors(), map.get(new byte[4]).orElseThrow().length);
        }
    }
}
