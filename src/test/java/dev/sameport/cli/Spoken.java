package dev.sameport.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/// What one command line printed, and its exit code.
record Spoken(int code, String out, String err) {

    /// Runs a command line in this process.
    static Spoken by(String... words) {
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream heardOut = new ByteArrayOutputStream();
        ByteArrayOutputStream heardErr = new ByteArrayOutputStream();
        try {
            System.setOut(new PrintStream(heardOut, true, StandardCharsets.UTF_8));
            System.setErr(new PrintStream(heardErr, true, StandardCharsets.UTF_8));
            int code = Cli.run(words);
            return new Spoken(
                    code,
                    heardOut.toString(StandardCharsets.UTF_8),
                    heardErr.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
    }
}
