package dev.sameport.linux;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A thread's own table of file descriptors (unshare(2), CLONE_FILES), in which numbers stay low
/// however many the process has open.
///
/// libnftables waits with select(2), which a descriptor of 1024 or more makes abort the process,
/// and it opens its socket anew whenever someone else changes the rules meanwhile.
///
/// Files that other threads open later don't exist on such a thread: it is for native calls only.
final class PrivateDescriptors {
    private static final int CLONE_FILES = 0x400;
    private static final int FIRST_OTHER = 3; // after standard input, output and error

    private PrivateDescriptors() {}

    /// Gives the calling thread, a platform one, its own table, without what it doesn't need.
    static void begin() {
        LinuxException.orThrow("unshare the descriptors", SystemCall.UNSHARE.call(CLONE_FILES));
        String[] numbers = new File("/proc/thread-self/fd").list();
        for (String number : numbers == null ? new String[0] : numbers) {
            if (Integer.parseInt(number) >= FIRST_OTHER && !holdsClasses(number)) {
                // One of them is the listing's own, which is closed by now.
                var _ = SystemCall.CLOSE.call(Integer.parseInt(number));
            }
        }
    }

    /// Copies of sockets would keep connections open that their owner has closed; but a class that
    /// is first needed on this thread is still read here.
    private static boolean holdsClasses(String number) {
        try {
            String file =
                    Files.readSymbolicLink(Path.of("/proc/thread-self/fd", number)).toString();
            return file.endsWith(".jar") || file.endsWith("/modules");
        } catch (IOException _) {
            return false; // closed by now
        }
    }
}
