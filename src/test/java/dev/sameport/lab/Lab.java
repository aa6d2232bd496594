package dev.sameport.lab;

import dev.sameport.linux.Commands;
import dev.sameport.linux.NetworkNamespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/// A real Docker Engine and a real Podman in a network namespace of the tests' own that has no way
/// out, with an external client in another one. Started once for all lab tests of a run, and ended
/// with the JVM.
final class Lab {
    static final String HOST = "198.19.250.1";
    static final String CLIENT = "198.19.250.2";
    static final String HOST6 = "fd98::1";
    static final String HELLO = "hello";
    static final String BUSYBOX = "bb";
    static final String HTTPBIN = "httpbin";

    /// What a busybox runs to serve its host name.
    static final String WEB = "hostname > /www/index.html; exec httpd -f -p 8080 -h /www";

    private static final Duration TIMEOUT = Duration.ofMinutes(2);
    private static final List<String> HELLO_COMMAND =
            List.of(
                    "/jre/bin/java",
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-Xmx40m",
                    "-Xshare:auto",
                    "-cp",
                    "/app",
                    "dev.sameport.demo.HelloServer");
    private static final Object LOCK = new Object();
    private static Lab started;

    final Path directory;
    final Path host;
    final Path client;
    private final List<Process> processes = new ArrayList<>();

    private Lab(Path directory) {
        this.directory = directory;
        this.host = directory.resolve("host.netns");
        this.client = directory.resolve("client.netns");
    }

    /// The one lab of this JVM.
    static Lab get() {
        synchronized (LOCK) {
            if (started == null) {
                Lab lab = new Lab(temporary());
                Runtime.getRuntime().addShutdownHook(new Thread(lab::end));
                lab.start();
                started = lab;
            }
            return started;
        }
    }

    private static Path temporary() {
        try {
            return Files.createTempDirectory("sameport-lab-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void start() {
        try {
            network();
            docker();
            podman();
            images();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void network() throws IOException {
        Files.createFile(host);
        Files.createFile(client);
        run("unshare", "--net=" + host, "true");
        run("unshare", "--net=" + client, "true");
        batch(
                host,
                """
                link set lo up
                link add name client0 type veth peer name eth0 netns %s
                address add %s/30 dev client0
                address add %s/64 dev client0 nodad
                link set client0 up
                """
                        .formatted(client, HOST, HOST6));
        batch(
                client,
                """
                link set lo up
                address add %s/30 dev eth0
                address add fd98::2/64 dev eth0 nodad
                link set eth0 up
                route add default via %s
                route add default via %s
                """
                        .formatted(CLIENT, HOST, HOST6));
        run("nsenter", "--net=" + host, "sysctl", "-q", "net.ipv6.conf.all.forwarding=1");
    }

    private static void batch(Path namespace, String commands) {
        Commands.run(
                List.of("nsenter", "--net=" + namespace, "ip", "-batch", "-"), commands, TIMEOUT);
    }

    private void docker() throws IOException {
        configure(false);
        startDocker();
        run("mkdir", "-p", directory + "/cni");
    }

    private void configure(boolean liveRestore) throws IOException {
        Files.writeString(
                directory.resolve("daemon.json"),
                """
                {"bip":"198.18.0.1/24","ipv6":true,"fixed-cidr-v6":"fd97::/64",
                 "default-address-pools":[{"base":"198.18.64.0/18","size":24}],
                 "data-root":"%1$s/docker","exec-root":"%1$s/exec","pidfile":"%1$s/docker.pid",
                 "hosts":["unix://%1$s/docker.sock"],"storage-driver":"overlay2",
                 "live-restore":%2$s}
                """
                        .formatted(directory, liveRestore));
    }

    /// Whether containers outlive the engine from now on.
    void liveRestore(boolean on) throws IOException {
        configure(on);
        // The engine reads its settings again at SIGHUP.
        run("kill", "-HUP", Long.toString(dockerEngine().pid()));
        await(
                "live-restore " + on,
                () -> docker("info", "-f", "{{.LiveRestoreEnabled}}").equals(Boolean.toString(on)));
    }

    /// Ends the engine.
    void stopDocker() throws InterruptedException {
        Process engine = dockerEngine();
        engine.destroy();
        if (!engine.waitFor(60, TimeUnit.SECONDS)) {
            throw new AssertionError("the engine does not end:\n" + log("dockerd"));
        }
    }

    void startDocker() {
        start(
                "dockerd",
                "nsenter",
                "--net=" + host,
                "dockerd",
                "--config-file",
                directory.resolve("daemon.json").toString());
        await("the Docker Engine", () -> succeeds(dockerWords("info")));
    }

    /// The engine's process; without live-restore its containers end with it.
    Process dockerEngine() {
        String config = directory.resolve("daemon.json").toString();
        return processes.stream()
                .filter(process -> process.info().commandLine().orElse("").contains(config))
                .reduce((_, last) -> last)
                .orElseThrow();
    }

    private void podman() throws IOException {
        Path conf = directory.resolve("containers.conf");
        Files.writeString(
                conf,
                """
                [containers]
                default_ulimits = ["nofile=1024:20000","nproc=1000:1000"]
                [engine]
                runtime = "runc"
                cgroup_manager = "cgroupfs"
                events_logger = "file"
                [network]
                default_subnet = "198.18.32.0/24"
                network_config_dir = "%1$s/podman-networks"
                """
                        .formatted(directory));
        start(
                "podman",
                podmanWords(
                        "system", "service", "--time=0", "unix://" + directory + "/podman.sock"));
        await("Podman", () -> Files.exists(directory.resolve("podman.sock")));
    }

    private void images() {
        Path images = Path.of("target/images").toAbsolutePath();
        docker(
                "import",
                "--change",
                entrypoint(HELLO_COMMAND),
                images.resolve("hello.tar").toString(),
                HELLO);
        docker("import", images.resolve("busybox.tar").toString(), BUSYBOX);
        podman(
                "import",
                "--change",
                entrypoint(HELLO_COMMAND),
                images.resolve("hello.tar").toString(),
                HELLO);
    }

    /// The app of the article; imported when a test needs it.
    void importHttpbin() {
        docker(
                "import",
                "--change",
                entrypoint(
                        List.of(
                                "/usr/bin/python3",
                                "/usr/bin/gunicorn",
                                "-b",
                                "0.0.0.0:80",
                                "--worker-tmp-dir",
                                "/tmp",
                                "httpbin:app")),
                Path.of("target/images/httpbin.tar").toAbsolutePath().toString(),
                HTTPBIN);
    }

    private static String entrypoint(List<String> words) {
        return "ENTRYPOINT ["
                + String.join(",", words.stream().map(word -> '"' + word + '"').toList())
                + "]";
    }

    /// Starts a small server of busybox on port 8080 that answers with its host name, which is its
    /// name. Its first process ignores SIGTERM, as busybox does.
    void web(String name, String... options) {
        List<String> words = new ArrayList<>(List.of("run", "-d", "--name", name, "-h", name));
        words.addAll(Arrays.asList(options));
        words.addAll(List.of(BUSYBOX, "sh", "-c", WEB));
        docker(words.toArray(String[]::new));
    }

    private List<String> dockerWords(String... words) {
        List<String> command =
                new ArrayList<>(List.of("docker", "-H", "unix://" + directory + "/docker.sock"));
        command.addAll(Arrays.asList(words));
        return command;
    }

    /// Runs the docker command line against the lab's engine; its output.
    String docker(String... words) {
        return Commands.run(dockerWords(words), "", TIMEOUT).output().strip();
    }

    /// The address of the lab's Docker Engine, for compose.
    String dockerHost() {
        return "unix://" + directory + "/docker.sock";
    }

    private String[] podmanWords(String... words) {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                "env",
                                "CONTAINERS_CONF=" + directory + "/containers.conf",
                                "nsenter",
                                "--net=" + host,
                                "podman",
                                "--root",
                                directory + "/pod",
                                "--runroot",
                                directory + "/podrun"));
        command.addAll(Arrays.asList(words));
        return command.toArray(String[]::new);
    }

    /// Runs podman; its output.
    String podman(String... words) {
        return Commands.run(Arrays.asList(podmanWords(words)), "", TIMEOUT).output().strip();
    }

    /// Runs a command as the host; its output.
    String onHost(String... words) {
        List<String> command = new ArrayList<>(List.of("nsenter", "--net=" + host));
        command.addAll(Arrays.asList(words));
        return Commands.run(command, "", TIMEOUT).output();
    }

    /// Does `work` on a thread in the host's network.
    <T> T asHost(NetworkNamespace.Work<T, Exception> work) throws Exception {
        return inside(host, work);
    }

    /// Does `work` on a thread in the external client's network.
    <T> T asClient(NetworkNamespace.Work<T, Exception> work) throws Exception {
        return inside(client, work);
    }

    private static <T> T inside(Path namespace, NetworkNamespace.Work<T, Exception> work)
            throws Exception {
        try (NetworkNamespace entered = NetworkNamespace.at(namespace)) {
            return entered.call(work);
        }
    }

    /// Removes every container, and every network that is not the engines' own.
    void reset() {
        for (String id : lines(docker("ps", "-aq"))) {
            docker("rm", "-f", "-v", id);
        }
        for (String network : lines(docker("network", "ls", "-q", "--filter", "type=custom"))) {
            docker("network", "rm", network);
        }
        podman("pod", "rm", "-f", "-a", "-t", "0");
        // The first pass may come to a container before those that share its network.
        succeeds(Arrays.asList(podmanWords("rm", "-f", "-a", "-t", "0")));
        podman("rm", "-f", "-a", "-t", "0");
    }

    static List<String> lines(String text) {
        return text.isBlank() ? List.of() : List.of(text.split("\n"));
    }

    Process start(String name, String... command) {
        try {
            Process process =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(
                                    ProcessBuilder.Redirect.appendTo(
                                            directory.resolve(name + ".log").toFile()))
                            .start();
            processes.add(process);
            return process;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String log(String name) {
        try {
            return Files.readString(directory.resolve(name + ".log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void run(String... command) {
        Commands.run(List.of(command), "", TIMEOUT);
    }

    private static boolean succeeds(List<String> command) {
        try {
            Commands.run(command, "", TIMEOUT);
            return true;
        } catch (RuntimeException _) {
            return false;
        }
    }

    /// Waits until `condition` holds; fails after 60 s.
    static void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError(what + ": not within 60 s");
            }
            java.util.concurrent.locks.LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    /// Ends what was started, the latest first, and removes what was made; problems are printed,
    /// because nobody is left to catch them.
    private void end() {
        if (started != null) {
            succeeds(
                    List.of(
                            "sh",
                            "-c",
                            "docker -H "
                                    + dockerHost()
                                    + " ps -q | xargs -r docker -H "
                                    + dockerHost()
                                    + " kill"));
            succeeds(Arrays.asList(podmanWords("pod", "rm", "-f", "-a", "-t", "0")));
            succeeds(Arrays.asList(podmanWords("rm", "-f", "-a", "-t", "0")));
        }
        for (Process process : processes.reversed()) {
            process.destroy();
        }
        for (Process process : processes.reversed()) {
            try {
                if (!process.waitFor(20, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException _) {
                process.destroyForcibly();
            }
        }
        succeeds(
                List.of(
                        "sh",
                        "-c",
                        "awk -v d="
                                + directory
                                + " 'index($2, d) == 1 {print $2}' /proc/mounts | sort -r | xargs -r -n1 umount -l"));
        succeeds(List.of("rm", "-rf", directory.toString()));
    }
}
