package dev.sameport.linux;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/// Network namespaces that a test makes, with names of their own, and removes.
final class TestNetwork implements AutoCloseable {
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final List<String> names = new ArrayList<>();

    /// Makes a namespace whose `lo` is up, and returns its name.
    String add() {
        String name = "sp-" + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet();
        run("ip", "netns", "add", name);
        names.add(name);
        ip(name, "link set lo up");
        return name;
    }

    /// Runs `ip` with blank-separated arguments inside a namespace.
    void ip(String namespace, String arguments) {
        run(
                Stream.concat(Stream.of("ip", "-n", namespace), Arrays.stream(arguments.split(" ")))
                        .toArray(String[]::new));
    }

    /// Starts a process inside a namespace.
    static Process start(NetworkNamespace namespace, String... command) throws Exception {
        return namespace.call(() -> new ProcessBuilder(command).start());
    }

    static NetworkNamespace open(String name) {
        return NetworkNamespace.at(Path.of("/run/netns", name));
    }

    static String run(String... command) {
        return Commands.run(Duration.ofSeconds(20), command).output();
    }

    @Override
    public void close() {
        names.forEach(name -> run("ip", "netns", "delete", name));
    }
}
