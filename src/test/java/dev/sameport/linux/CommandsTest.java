package dev.sameport.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CommandsTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    @Test
    void output_and_errors_are_told_apart() {
        Commands.Result result = Commands.run(TIMEOUT, "sh", "-c", "echo out; echo err >&2");

        assertEquals(new Commands.Result("out\n", "err\n"), result);
    }

    @Test
    void more_input_and_output_than_a_pipe_holds_pass_through() {
        String input = "0123456789".repeat(100_000);

        assertEquals(input, Commands.run(List.of("cat"), input, TIMEOUT).output());
    }

    @Test
    void a_failure_carries_command_exit_code_and_errors() {
        CommandException failure =
                assertThrows(
                        CommandException.class,
                        () -> Commands.run(TIMEOUT, "sh", "-c", "echo no >&2; exit 3"));

        assertEquals(3, failure.exitCode());
        assertEquals("no\n", failure.errors());
        assertEquals(
                "`sh -c echo no >&2; exit 3` ended with exit code 3: no", failure.getMessage());
    }

    @Test
    void a_command_that_is_not_there_did_not_start() {
        CommandException failure =
                assertThrows(
                        CommandException.class, () -> Commands.run(TIMEOUT, "sp-that-is-nowhere"));

        assertEquals(CommandException.NO_EXIT_CODE, failure.exitCode());
        assertTrue(failure.toString().contains("did not start"), failure.toString());
    }

    @Test
    void a_command_that_outlasts_its_time_is_killed() {
        CommandException failure =
                assertThrows(
                        CommandException.class,
                        () -> Commands.run(Duration.ofMillis(50), "sleep", "60"));

        assertTrue(failure.toString().contains("was killed after 50 ms"), failure.toString());
    }

    @Test
    void a_child_that_keeps_the_output_open_does_not_keep_the_caller() {
        long started = System.nanoTime();

        Commands.Result result = Commands.run(TIMEOUT, "sh", "-c", "echo out; sleep 15 &");

        assertEquals("out\n", result.output());
        assertTrue(Duration.ofNanos(System.nanoTime() - started).toSeconds() < 10);
    }
}
