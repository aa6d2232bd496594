package dev.sameport.lab;

import dev.sameport.linux.Commands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Another Docker Engine, in a network namespace that is not the daemon's, with the same addresses
/// as the lab's own: what a rootless engine beside a rootful one looks like.
final class SecondEngine implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofMinutes(1);

    private final Path directory;
    private final Path namespace;
    private final Process process;

    private SecondEngine(Path directory, Path namespace, Process process) {
        this.directory = directory;
        this.namespace = namespace;
        this.process = process;
    }

    static SecondEngine start(Lab lab) throws IOException {
        Path directory = Files.createDirectory(lab.directory.resolve("second"));
        Path namespace = Files.createFile(directory.resolve("netns"));
        Commands.run(List.of("unshare", "--net=" + namespace, "true"), "", TIMEOUT);
        Path config = directory.resolve("second.json");
        Files.writeString(
                config,
                """
                {"bip":"198.18.0.1/24","data-root":"%1$s/docker","exec-root":"%1$s/exec",
                 "pidfile":"%1$s/docker.pid","hosts":["unix://%1$s/docker.sock"],
                 "storage-driver":"overlay2"}
                """
                        .formatted(directory));
        Process process =
                lab.start(
                        "second",
                        "nsenter",
                        "--net=" + namespace,
                        "sh",
                        "-c",
                        "ip link set lo up && exec dockerd --config-file " + config);
        SecondEngine engine = new SecondEngine(directory, namespace, process);
        Lab.await("the second engine", () -> Files.exists(directory.resolve("docker.sock")));
        engine.docker("import", Path.of("target/images/busybox.tar").toString(), Lab.BUSYBOX);
        return engine;
    }

    String host() {
        return "unix://" + directory + "/docker.sock";
    }

    String docker(String... words) {
        List<String> command = new ArrayList<>(List.of("docker", "-H", host()));
        command.addAll(Arrays.asList(words));
        return Commands.run(command, "", TIMEOUT).output().strip();
    }

    /// Starts the same small server as the lab's.
    void web(String name, String... options) {
        List<String> words = new ArrayList<>(List.of("run", "-d", "--name", name, "-h", name));
        words.addAll(Arrays.asList(options));
        words.addAll(List.of(Lab.BUSYBOX, "sh", "-c", Lab.WEB));
        docker(words.toArray(String[]::new));
    }

    void reset() {
        for (String id : Lab.lines(docker("ps", "-aq"))) {
            docker("rm", "-f", "-v", id);
        }
    }

    @Override
    public void close() {
        reset();
        process.destroy();
        Lab.await("the end of the second engine", () -> !process.isAlive());
        Commands.run(List.of("umount", namespace.toString()), "", TIMEOUT);
    }
}
