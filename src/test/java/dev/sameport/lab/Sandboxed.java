package dev.sameport.lab;

import dev.sameport.lab.SandboxTest.Engine;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Sandboxes, and replicas that join them, in either engine.
final class Sandboxed {
    private Sandboxed() {}

    /// Podman gets the image of the unmodified server, too.
    static void importBusybox() {
        Lab.get()
                .podman(
                        "import",
                        Path.of("target/images/busybox.tar").toAbsolutePath().toString(),
                        Lab.BUSYBOX);
    }

    /// A container that does nothing but own a network, and asks for a port.
    static void sandbox(Engine engine, String name, String publish, String... more) {
        List<String> words = run(name);
        words.addAll(
                List.of(
                        "--label",
                        "sameport.publish=" + publish,
                        "--label",
                        "sameport.mode=reuseport",
                        "--label",
                        "sameport.sandbox=" + name));
        words.addAll(Arrays.asList(more));
        words.addAll(List.of(Lab.BUSYBOX, "/bin/busybox", "sleep", "3600"));
        engine.run(words.toArray(String[]::new));
    }

    /// An unmodified server, which answers with its name: busybox knows nothing of SO_REUSEPORT.
    static void unmodified(Engine engine, String name, String network, String... more) {
        List<String> words = run(name);
        words.addAll(List.of("--network", network));
        words.addAll(Arrays.asList(more));
        words.addAll(server(name));
        engine.run(words.toArray(String[]::new));
    }

    /// The image and command of an unmodified server on port 8080.
    static List<String> server(String name) {
        return List.of(
                Lab.BUSYBOX,
                "sh",
                "-c",
                "echo " + name + " > /www/index.html; exec httpd -f -p 8080 -h /www");
    }

    /// The project's own server, without SO_REUSEPORT of its own unless `options` say so.
    static void hello(Engine engine, String name, String network, String... options) {
        List<String> words = run(name);
        words.addAll(List.of("--network", network, Lab.HELLO, "--name", name));
        words.addAll(Arrays.asList(options));
        engine.run(words.toArray(String[]::new));
    }

    private static List<String> run(String name) {
        return new ArrayList<>(List.of("run", "-d", "--name", name));
    }
}
