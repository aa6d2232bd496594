package dev.sameport.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Each file of golden/labels: a machine, a line of dashes, what is read from it. With
/// SAMEPORT_WRITE_GOLDEN set the files are written anew, and the test fails all the same.
class LabelsGoldenTest {
    private static final Path FOLDER = Path.of("src/test/resources/golden/labels");
    private static final String LINE = "-----";

    static List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void a_set_of_labels_gives_exactly_these_services_and_problems(String file) throws IOException {
        Path path = FOLDER.resolve(file);
        List<String> lines = Files.readAllLines(path);
        int line = lines.indexOf(LINE);
        assertTrue(line > 0, file + " has no line of five dashes");
        List<String> given = lines.subList(0, line);
        String actual =
                String.join("\n", given)
                        + "\n"
                        + LINE
                        + "\n"
                        + InterpretationText.of(MachineFile.read(given).interpret());
        String expected = Files.readString(path);
        if (System.getenv("SAMEPORT_WRITE_GOLDEN") != null) {
            Files.writeString(path, actual);
        }
        assertEquals(expected, actual);
    }

    @Test
    void there_are_golden_files_for_every_rule() throws IOException {
        assertTrue(files().size() >= 20, "only " + files().size());
    }

    @Test
    void the_document_lists_exactly_the_labels_there_are() throws IOException {
        StringBuilder table = new StringBuilder("| label | value | default | what it does |\n");
        table.append("|---|---|---|---|\n");
        for (LabelKey key : SameportLabels.KEYS) {
            table.append(
                    "| `%s` | %s | %s | %s |\n"
                            .formatted(
                                    key.name(),
                                    key.values().replace("|", "\\|"),
                                    key.fallback(),
                                    key.help()));
        }
        String document = Files.readString(Path.of("docs/labels.md"));
        int begin = document.indexOf("| label | value |");
        int end = document.indexOf("\n\n", begin) + 1;
        assertEquals(table.toString(), document.substring(Math.max(begin, 0), end));
    }
}
