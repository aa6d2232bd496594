package dev.sameport.provider.process;

import dev.sameport.model.Labels;
import dev.sameport.model.ServiceName;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// What `sameport run` asks for: N replicas of one command, as the caller's own user.
///
/// @param settings every `sameport.*` label, `sameport.publish` included
/// @param command the program and its arguments, without a shell
/// @param environment the caller's
/// @param directory the caller's working directory, absolute
/// @param owner who the replicas run as
public record RunRequest(
        ServiceName name,
        int scale,
        Labels settings,
        List<String> command,
        SortedMap<String, String> environment,
        String directory,
        Owner owner) {
    public static final int MAX_SCALE = 500;

    /// A user, as the kernel told us (SO_PEERCRED), never as the caller says.
    ///
    /// @param groups supplementary groups
    public record Owner(int user, int group, List<Integer> groups) {
        public Owner {
            groups = List.copyOf(groups);
        }
    }

    public RunRequest {
        if (scale < 0 || scale > MAX_SCALE) {
            throw new IllegalArgumentException("scale " + scale + " is outside 0–" + MAX_SCALE);
        }
        if (command.isEmpty() || command.getFirst().isBlank()) {
            throw new IllegalArgumentException(
                    "the command is empty; put it after --, as in `sameport run -p 80:8080 -- ./server`");
        }
        if (!directory.startsWith("/")) {
            throw new IllegalArgumentException(
                    "working directory '" + directory + "' is not absolute");
        }
        command = List.copyOf(command);
        environment = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(environment));
    }
}
