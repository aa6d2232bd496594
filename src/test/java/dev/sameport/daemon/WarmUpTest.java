package dev.sameport.daemon;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sameport.plane.nat.NatOptions;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import org.junit.jupiter.api.Test;

final class WarmUpTest {
    @Test
    void deaths_are_played_to_the_end_in_a_namespace_of_their_own() throws Exception {
        ByteArrayOutputStream logged = new ByteArrayOutputStream();
        Log log =
                new Log(
                        new PrintStream(logged, true, StandardCharsets.UTF_8),
                        Clock.systemUTC(),
                        Log.Level.DEBUG);

        Thread thread = Thread.ofPlatform().start(() -> WarmUp.play(NatOptions.DEFAULT, 3, log));
        thread.join();

        String said = logged.toString(StandardCharsets.UTF_8);
        assertTrue(said.contains("event=warm "), said);
        assertFalse(said.contains("failed"), said);
    }
}
