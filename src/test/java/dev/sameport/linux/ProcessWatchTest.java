package dev.sameport.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ProcessWatchTest {
    private final ProcessWatch watch = ProcessWatch.start();
    private final List<Process> processes = new ArrayList<>();

    private int start() throws Exception {
        Process process = new ProcessBuilder("sleep", "60").start();
        processes.add(process);
        return (int) process.pid();
    }

    @AfterEach
    void end() {
        watch.close();
        processes.forEach(Process::destroyForcibly);
    }

    @Test
    void the_death_of_each_process_is_told_once() throws Exception {
        CountDownLatch deaths = new CountDownLatch(30);
        for (int i = 0; i < 30; i++) {
            var _ = watch.watch(start(), deaths::countDown);
        }
        for (int i = 0; i < 29; i++) {
            processes.get(i).destroyForcibly();
        }
        int last = (int) processes.getLast().pid();
        CountDownLatch lastDied = new CountDownLatch(1);
        var _ = watch.watch(last, lastDied::countDown);
        assertFalse(deaths.await(0, TimeUnit.SECONDS));
        assertEquals(1, lastDied.getCount());

        processes.getLast().destroyForcibly();

        assertTrue(deaths.await(10, TimeUnit.SECONDS));
        assertTrue(lastDied.await(10, TimeUnit.SECONDS));
    }

    @Test
    void a_process_that_is_gone_already_is_told_at_once() throws Exception {
        Process gone = new ProcessBuilder("true").start();
        gone.waitFor();
        CountDownLatch told = new CountDownLatch(1);

        var _ = watch.watch((int) gone.pid(), told::countDown);

        assertTrue(told.await(10, TimeUnit.SECONDS));
    }

    @Test
    void a_closed_registration_is_silent_and_a_failing_listener_harms_no_other() throws Exception {
        AtomicBoolean wronglyTold = new AtomicBoolean();
        CountDownLatch told = new CountDownLatch(2);
        int pid = start();
        ProcessWatch.Registration silent = watch.watch(pid, () -> wronglyTold.set(true));
        var _ =
                watch.watch(
                        pid,
                        () -> {
                            told.countDown();
                            throw new IllegalStateException("thrown by the test");
                        });
        silent.close();
        silent.close();
        processes.getFirst().destroyForcibly();
        var _ = watch.watch(start(), told::countDown);
        processes.getLast().destroyForcibly();

        assertTrue(told.await(10, TimeUnit.SECONDS));
        assertFalse(wronglyTold.get());
    }

    @Test
    void a_listener_may_close_the_watch() throws Exception {
        CountDownLatch told = new CountDownLatch(1);
        var _ =
                watch.watch(
                        start(),
                        () -> {
                            watch.close();
                            told.countDown();
                        });
        processes.getFirst().destroyForcibly();

        assertTrue(told.await(10, TimeUnit.SECONDS));
        assertThrows(IllegalStateException.class, () -> watch.watch(1, () -> {}));
    }

    @Test
    void only_a_positive_process_id_is_one() {
        assertThrows(IllegalArgumentException.class, () -> watch.watch(0, () -> {}));
    }
}
