package dev.sameport.plane.nat.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.sameport.linux.NetworkNamespace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EnginesTest {
    @TempDir Path directory;

    private static boolean run(NetworkNamespace namespace) {
        BooleanSupplier look = Engines::run;
        return namespace.call(() -> look.getAsBoolean());
    }

    @Test
    void an_engine_counts_in_its_own_namespace_while_it_runs() throws Exception {
        Path program = directory.resolve("conmon");
        Files.copy(Path.of("/bin/cat"), program);
        assertEquals(true, program.toFile().setExecutable(true));
        try (NetworkNamespace namespace = NetworkNamespace.createAnonymous();
                NetworkNamespace other = NetworkNamespace.createAnonymous()) {
            assertFalse(run(namespace));
            Process engine = namespace.call(() -> new ProcessBuilder(program.toString()).start());
            try {
                // It answers, so it is no longer the child that becomes it.
                engine.getOutputStream().write('x');
                engine.getOutputStream().flush();
                assertEquals('x', engine.getInputStream().read());

                assertEquals(true, run(namespace));
                assertFalse(run(other));
            } finally {
                engine.destroyForcibly();
                var _ = engine.waitFor();
            }
            assertFalse(run(namespace));
        }
    }
}
