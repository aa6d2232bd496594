package dev.sameport.demo;

import java.io.PrintStream;

/// `sameport demo`.
public final class Demo {
    private Demo() {}

    /// Runs it; the exit code.
    public static int run(int replicas, boolean mayInstall, boolean root, PrintStream out)
            throws Exception {
        out.println("demo " + replicas + mayInstall + root);
        return 0;
    }
}
