package dev.sameport.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// What standard output leads to.
final class Screen {
    private Screen() {}

    /// What to add to a path whose text may be coloured: only for a terminal, and not where
    /// NO_COLOR is set (no-color.org).
    static String colour(Map<String, String> environment) {
        String no = environment.get("NO_COLOR");
        boolean wanted = (no == null || no.isEmpty()) && !"dumb".equals(environment.get("TERM"));
        return wanted && terminal(Path.of("/proc/self/fd/1")) ? "?color=1" : "";
    }

    /// Whether a descriptor's link leads to a terminal; cheaper than a native call.
    static boolean terminal(Path descriptor) {
        try {
            String file = Files.readSymbolicLink(descriptor).toString();
            return file.startsWith("/dev/pts/")
                    || file.startsWith("/dev/tty")
                    || file.equals("/dev/console");
        } catch (IOException _) {
            return false;
        }
    }
}
