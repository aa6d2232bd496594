package dev.sameport.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What the README shows, done as it is written there; only the image's name is one that the lab
/// has.
@Tag("lab")
class ReadmeTest {
    private static final Lab LAB = Lab.get();

    private DaemonProcess daemon;

    @BeforeEach
    void start() {
        LAB.reset();
        daemon = DaemonProcess.start(LAB);
    }

    @AfterEach
    void stop() {
        daemon.close();
        LAB.reset();
    }

    /// The code blocks without a language, in order.
    private static List<String> blocks() throws Exception {
        return Pattern.compile("(?ms)^```([a-z]*)\\n(.*?)^```$")
                .matcher(Files.readString(Path.of("README.md")))
                .results()
                .filter(block -> block.group(1).isEmpty())
                .map(block -> block.group(2))
                .toList();
    }

    private static String[] words(String line) {
        return line.replaceAll("\\s{2,}.*", "").strip().split(" ");
    }

    private static String[] without(int count, String[] words) {
        return List.of(words).subList(count, words.length).toArray(String[]::new);
    }

    @Test
    void the_first_look_works_as_written() throws Exception {
        List<String> runs =
                blocks().getFirst()
                        .lines()
                        .filter(line -> line.startsWith("docker run "))
                        .map(line -> line.replace("my/app", Lab.HELLO))
                        .toList();
        assertEquals(2, runs.size(), "docker run lines in the README");
        for (String run : runs) {
            LAB.docker(without(1, words(run)));
        }
        daemon.awaitReady("80/tcp", 2);

        String answer =
                LAB.asClient(() -> Load.request(new InetSocketAddress(Lab.HOST, 80), "/", 10_000));
        assertTrue(answer.startsWith("Hello from "), answer);

        List<String> shown = blocks().get(1).lines().toList();
        assertEquals("$ ./sameport ls", shown.getFirst());
        List<String> printed = daemon.cli("ls").lines().toList();
        assertEquals(List.of(words(shown.get(1))), List.of(words(printed.getFirst())));
        assertEquals(columns(shown.get(1)), columns(printed.getFirst()));
        assertTrue(shown.get(2).matches("my-app-80-[0-9a-f]{8} +80/tcp +nat +2/2 +[0-9]+ *"));
        assertTrue(
                printed.get(1).matches("hello-80-[0-9a-f]{8} +80/tcp +nat +2/2 +[0-9]+ *"),
                printed.get(1));
    }

    private static List<String> columns(String line) {
        return List.of(line.strip().split("\\s+"));
    }

    @Test
    void publishing_by_hand_works_as_written() throws Exception {
        LAB.docker("run", "-d", "--name", "app_1", Lab.HELLO);
        LAB.docker("run", "-d", "--name", "app_2", Lab.HELLO);
        String publish =
                blocks().stream()
                        .flatMap(String::lines)
                        .filter(line -> line.startsWith("sameport publish 80:8080 "))
                        .findFirst()
                        .orElseThrow();

        daemon.cli(without(1, words(publish)));

        daemon.awaitReady("80/tcp", 2);
    }

    @Test
    void every_command_that_is_named_is_there() throws Exception {
        List<String> named =
                Pattern.compile("(?m)^(?:\\$ |sudo )?(?:\\./)?sameport ([a-z]+)")
                        .matcher(String.join("\n", blocks()))
                        .results()
                        .map(command -> command.group(1))
                        // It has commands of its own and no run directory; HelpGoldenTest has it.
                        .filter(command -> !command.equals("sandbox"))
                        .distinct()
                        .toList();
        assertFalse(named.isEmpty());
        for (String command : named) {
            assertTrue(
                    daemon.cli(command, "--help").contains("Usage: sameport " + command), command);
        }
    }

    @Test
    void what_the_readme_links_to_is_there() throws Exception {
        List<String> links =
                Pattern.compile("\\]\\(([^)#:]+)\\)")
                        .matcher(Files.readString(Path.of("README.md")))
                        .results()
                        .map(link -> link.group(1))
                        .toList();
        assertFalse(links.isEmpty());
        for (String link : links) {
            assertTrue(Files.exists(Path.of(link)), link);
        }
    }
}
