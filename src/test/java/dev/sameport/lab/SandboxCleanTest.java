package dev.sameport.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sameport.lab.SandboxTest.Engine;
import dev.sameport.linux.BpfObjects;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// `clean` after replicas shared a sandbox's port: nothing is left in the kernel, on the machine or
/// in the engines.
@LabTest
class SandboxCleanTest {
    private static final Lab LAB = Lab.get();
    private String before;
    private DaemonProcess daemon;

    @BeforeAll
    static void images() {
        Sandboxed.importBusybox();
    }

    @BeforeEach
    void start() {
        LAB.reset();
        before = MachineState.of(LAB);
        daemon = DaemonProcess.start(LAB);
    }

    @AfterEach
    void reset() {
        LAB.reset();
        daemon.close();
    }

    private static String migrates() {
        String pid = LAB.docker("inspect", "-f", "{{.State.Pid}}", "web");
        return LAB.onHost("nsenter", "-t", pid, "-n", "sysctl", "-n", "net.ipv4.tcp_migrate_req")
                .strip();
    }

    private boolean mounted() throws Exception {
        return Files.readString(Path.of("/proc/self/mounts")).contains(daemon.run.toString());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void no_program_map_attachment_mount_or_setting_is_left(boolean killed) throws Exception {
        Sandboxed.sandbox(Engine.DOCKER, "web", "80:8080");
        daemon.awaitShared("80/tcp");
        Sandboxed.unmodified(Engine.DOCKER, "app-1", "container:web");
        Sandboxed.unmodified(Engine.DOCKER, "app-2", "container:web");
        daemon.awaitReady("80/tcp", 2);
        Set<String> made = BpfObjects.ofProcess(daemon.pid());
        assertTrue(
                List.of("prog", "map", "link").stream()
                        .allMatch(kind -> made.stream().anyMatch(one -> one.startsWith(kind))),
                made.toString());
        assertEquals("1", migrates());
        assertTrue(mounted());
        if (killed) {
            daemon.kill9();
        } else {
            daemon.stop();
        }
        // They outlive the daemon, so that sharing does.
        assertEquals(made, BpfObjects.remaining(made));
        String told = daemon.cli("clean", "--yes");
        assertTrue(told.contains("The programs that shared ports are gone."), told);
        Lab.await("the end of " + made, () -> BpfObjects.remaining(made).isEmpty());
        assertEquals("0", migrates());
        assertFalse(mounted());
        assertFalse(Files.exists(daemon.run));
        // The replicas are the user's own: they go on.
        assertEquals("true", LAB.docker("inspect", "-f", "{{.State.Running}}", "app-1"));
        LAB.reset();
        assertEquals(before, MachineState.of(LAB));
    }

    @ParameterizedTest
    @EnumSource(Engine.class)
    void sandboxes_that_were_made_for_the_user_and_their_image_go_and_are_named_before(
            Engine engine) {
        engine.sandbox("create", "web", "-p", "80:8080");
        Sandboxed.unmodified(engine, "app-1", "container:sameport-web");
        daemon.awaitReady("80/tcp", 1);
        daemon.stop();
        if (engine == Engine.PODMAN) {
            // Podman keeps it while its network is used.
            engine.run("rm", "-f", "-t", "0", "app-1");
        }
        String told = daemon.cli("clean", "--yes");
        assertTrue(told.startsWith("These endpoints get no connections"), told);
        assertTrue(told.contains("These sandboxes are removed:\n  web in "), told);
        assertTrue(told.contains("Sandbox web is removed from "), told);
        assertTrue(told.contains("The image sameport/pause is removed from "), told);
        assertEquals("", engine.run("ps", "-aq", "--filter", "name=sameport-web"));
        assertEquals("", engine.run("images", "-q", "--filter", "reference=*sameport/pause*"));
        LAB.reset();
        assertEquals(before, MachineState.of(LAB));
    }

    @Test
    void a_sandbox_that_podman_keeps_for_its_members_is_told_of() {
        Engine.PODMAN.sandbox("create", "web", "-p", "80:8080");
        Sandboxed.unmodified(Engine.PODMAN, "app-1", "container:sameport-web");
        daemon.awaitReady("80/tcp", 1);
        daemon.stop();
        String told = LAB.onHost("sh", "-c", cleanWords() + " || echo failed");
        assertTrue(told.contains("Sandbox web is left: Podman keeps sandbox web"), told);
        assertTrue(told.contains("Not everything could be put back"), told);
        assertTrue(told.endsWith("failed\n"), told);
        Engine.PODMAN.run("rm", "-f", "-t", "0", "app-1");
        Engine.PODMAN.sandbox("rm", "web");
        Engine.PODMAN.sandbox("image", "--remove");
    }

    private String cleanWords() {
        return String.join(" ", DaemonProcess.java("-XX:TieredStopAtLevel=1"))
                + " clean --yes --run-dir "
                + daemon.run
                + " --state-dir "
                + daemon.state;
    }
}
