package dev.sameport;

import dev.sameport.cli.Cli;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/// The entry point of the launcher.
public final class Main {
    private Main() {}

    /// Runs one command and ends the process with its exit code.
    public static void main(String[] arguments) {
        // Our texts are UTF-8 in every locale: in the C locale the JDK would print ? for –.
        System.setOut(utf8(FileDescriptor.out));
        System.setErr(utf8(FileDescriptor.err));
        int code = Cli.run(arguments);
        // Not on this thread: after a signal the daemon's hook waits for it to end, and exiting
        // waits for the hooks.
        Thread.ofPlatform().name("exit").start(() -> System.exit(code));
    }

    private static PrintStream utf8(FileDescriptor descriptor) {
        return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
    }
}
