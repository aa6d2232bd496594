package dev.sameport.provider.engine;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Which engine sockets to follow.
public final class EngineSockets {
    private static final String SCHEME = "unix://";
    private static final List<Path> ROOTFUL =
            List.of(Path.of("/run/docker.sock"), Path.of("/run/podman/podman.sock"));

    /// One socket. @param explicit whether a person named it
    public record EngineSocket(String name, Path path, boolean explicit) {}

    private EngineSockets() {}

    /// Those that a person named, else the usual rootful and rootless ones; root follows those of
    /// all users who are logged in. Absent ones are included: an engine may start later.
    ///
    /// @param given `--engine` values, `unix:///…` or a path
    /// @param environment for `DOCKER_HOST`, `CONTAINER_HOST`, `XDG_RUNTIME_DIR`
    /// @throws IllegalArgumentException for what is no unix socket
    public static List<EngineSocket> find(
            List<String> given, Map<String, String> environment, boolean root) {
        Map<Path, EngineSocket> sockets = new LinkedHashMap<>();
        for (String value : given) {
            add(sockets, path(value), true);
        }
        if (!given.isEmpty()) {
            return List.copyOf(sockets.values());
        }
        for (String variable : List.of("DOCKER_HOST", "CONTAINER_HOST")) {
            String value = environment.get(variable);
            if (value != null && value.startsWith(SCHEME)) {
                add(sockets, path(value), true);
            }
        }
        for (Path rootful : ROOTFUL) {
            // Whoever may not use it has no business with it; members of the group docker do.
            if (root || Files.isWritable(rootful)) {
                add(sockets, rootful, false);
            }
        }
        String runtime = environment.get("XDG_RUNTIME_DIR");
        if (runtime != null && runtime.startsWith("/")) {
            addUser(sockets, Path.of(runtime));
        }
        if (root) {
            users().forEach(user -> addUser(sockets, user));
        }
        return List.copyOf(sockets.values());
    }

    private static void addUser(Map<Path, EngineSocket> sockets, Path runtime) {
        add(sockets, runtime.resolve("podman/podman.sock"), false);
        add(sockets, runtime.resolve("docker.sock"), false);
    }

    private static List<Path> users() {
        List<Path> users = new ArrayList<>();
        try (DirectoryStream<Path> directories = Files.newDirectoryStream(Path.of("/run/user"))) {
            directories.forEach(users::add);
        } catch (IOException _) {
            // No user is logged in: there is nothing to follow.
        }
        return users;
    }

    private static void add(Map<Path, EngineSocket> sockets, Path path, boolean explicit) {
        Path real = real(path);
        @Nullable EngineSocket known = sockets.get(real);
        if (known == null) {
            sockets.put(real, new EngineSocket(name(real, sockets), real, explicit));
        }
    }

    /// `/var/run/docker.sock` and `/run/docker.sock` are one file.
    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException _) {
            return path.startsWith("/var/run")
                    ? Path.of("/run").resolve(Path.of("/var/run").relativize(path))
                    : path;
        }
    }

    /// `docker` and `podman` for the first of each, the path for others: it is part of every
    /// replica's id.
    private static String name(Path path, Map<Path, EngineSocket> sockets) {
        String base = path.toString().contains("podman") ? "podman" : "docker";
        boolean taken = sockets.values().stream().anyMatch(socket -> socket.name().equals(base));
        return taken ? base + ":" + path : base;
    }

    private static Path path(String value) {
        String path = value.startsWith(SCHEME) ? value.substring(SCHEME.length()) : value;
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException(
                    "engine '"
                            + value
                            + "' is not a unix socket; give it as unix:///run/docker.sock");
        }
        return Path.of(path).normalize();
    }
}
