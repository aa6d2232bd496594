package dev.sameport.linux;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Who descends from whom, as proc(5) showed it at one moment.
///
/// In a pid namespace all descend from its first process: orphans become its children.
public final class ProcessTree {
    private static final Path PROCESSES = Path.of("/proc");

    private final Map<Integer, List<Integer>> children = new HashMap<>();

    private ProcessTree() {}

    /// Looks at all processes.
    public static ProcessTree look() {
        ProcessTree tree = new ProcessTree();
        try (DirectoryStream<Path> all =
                Files.newDirectoryStream(PROCESSES, ProcessTree::isProcess)) {
            for (Path process : all) {
                int parent = parentOf(process);
                if (parent > 0) {
                    tree.children
                            .computeIfAbsent(parent, _ -> new ArrayList<>())
                            .add(Integer.valueOf(process.getFileName().toString()));
                }
            }
        } catch (IOException | DirectoryIteratorException _) {
            return tree; // What was seen until then.
        }
        return tree;
    }

    /// A process and all that descend from it, parents before their children.
    public List<Integer> from(int pid) {
        List<Integer> found = new ArrayList<>(List.of(pid));
        for (int i = 0; i < found.size(); i++) {
            for (int child : children.getOrDefault(found.get(i), List.of())) {
                // Ids are given anew while we look: there may be a circle.
                if (!found.contains(child)) {
                    found.add(child);
                }
            }
        }
        return List.copyOf(found);
    }

    private static boolean isProcess(Path path) {
        return path.getFileName().toString().chars().allMatch(Character::isDigit);
    }

    /// `1234 (a name) S 1 …`: names may have any character, so what follows the last bracket
    /// counts.
    private static int parentOf(Path process) {
        try {
            String stat = Files.readString(process.resolve("stat"), StandardCharsets.ISO_8859_1);
            String[] words = stat.substring(stat.lastIndexOf(')') + 2).split(" ", 3);
            return Integer.parseInt(words[1]);
        } catch (IOException | IndexOutOfBoundsException | NumberFormatException _) {
            return 0;
        }
    }

    /// The user id under which a process acts; -1 where it is gone.
    public static int userOf(int pid) {
        try {
            return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                    .filter(line -> line.startsWith("Uid:"))
                    .map(line -> line.split("\\s+")[2])
                    .mapToInt(Integer::parseInt)
                    .findFirst()
                    .orElse(-1);
        } catch (IOException _) {
            return -1;
        }
    }
}
