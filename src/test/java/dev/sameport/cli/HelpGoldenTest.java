package dev.sameport.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sameport.admin.Golden;
import dev.sameport.config.LabelKey;
import dev.sameport.config.SameportLabels;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class HelpGoldenTest {
    static List<String> names() {
        return Cli.names();
    }

    @Test
    void every_command_of_the_manual_is_there() {
        assertEquals(
                List.of(
                        "clean",
                        "demo",
                        "doctor",
                        "events",
                        "explain",
                        "ls",
                        "ps",
                        "publish",
                        "run",
                        "sandbox create",
                        "sandbox image",
                        "sandbox ls",
                        "sandbox rm",
                        "serve",
                        "unpublish",
                        "version"),
                names());
    }

    @ParameterizedTest
    @MethodSource("names")
    void the_help_of_a_command(String name) {
        Spoken help = Spoken.by((name + " --help").split(" "));
        assertEquals(0, help.code());
        assertEquals("", help.err());
        assertTrue(help.out().contains("Examples:\n  sameport " + name), help.out());
        assertEquals(help, Spoken.by(("help " + name).split(" ")));
        assertEquals(help, Spoken.by((name + " -h").split(" ")));
        Golden.compare("cli-help/" + name.replace(' ', '-') + ".txt", help.out());
    }

    @Test
    void the_help_of_all() {
        Spoken help = Spoken.by("--help");
        assertEquals(0, help.code());
        names().forEach(name ->
                assertTrue(help.out().contains("\n  " + name.split(" ")[0] + " "), name));
        Golden.compare("cli-help/sameport.txt", help.out());
    }

    @Test
    void the_help_of_the_sandbox_commands() {
        Spoken help = Spoken.by("sandbox", "--help");
        assertEquals(0, help.code());
        SandboxHelp.NAMES.forEach(
                name -> assertTrue(help.out().contains("\n  " + name.split(" ")[1] + " "), name));
        assertEquals(help, Spoken.by("help", "sandbox"));
        assertEquals(new Spoken(2, help.out(), ""), Spoken.by("sandbox"));
        Golden.compare("cli-help/sandbox.txt", help.out());
    }

    @Test
    void nothing_at_all_is_a_usage_error_that_shows_the_help() {
        assertEquals(new Spoken(2, Spoken.by("--help").out(), ""), Spoken.by());
    }

    @ParameterizedTest
    @MethodSource("labels")
    void every_label_is_a_flag_of_publish_and_run(LabelKey key) {
        if (key.name().equals(SameportLabels.SANDBOX)) {
            return; // what `sandbox create` writes, and nobody else
        }
        for (String command : List.of("publish", "run")) {
            String flag = key.name().equals(SameportLabels.SERVICE) ? "--name" : key.flag();
            boolean isPort = key.name().equals(SameportLabels.PUBLISH) && command.equals("publish");
            String help = Spoken.by(command, "--help").out();
            assertTrue(isPort || help.contains(flag + "="), command + " has no " + flag);
        }
    }

    @ParameterizedTest
    @MethodSource("labels")
    void every_label_is_a_flag_of_sandbox_create_or_said_otherwise(LabelKey key) {
        String flag =
                switch (key.name()) {
                    case SameportLabels.RESTART -> "--no-restart";
                    // said by NAME, or always the same
                    case SameportLabels.SERVICE, SameportLabels.SANDBOX, SameportLabels.MODE ->
                            "NAME";
                    default -> key.flag() + "=";
                };
        String help = Spoken.by("sandbox", "create", "--help").out();
        assertTrue(help.contains(flag), flag);
    }

    static List<LabelKey> labels() {
        return SameportLabels.KEYS;
    }
}
