package dev.sameport.linux;

/// The kernel's verifier found a fault in a program.
public final class BpfRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String log;

    BpfRefusedException(String program, String error, String log) {
        super("the kernel refuses the program " + program + " (" + error + "): " + lastLine(log));
        this.log = log;
    }

    /// All that the verifier said: the instructions it followed, and where it stopped.
    public String log() {
        return log;
    }

    /// The line before the summary says what is wrong.
    private static String lastLine(String log) {
        return log.lines()
                .filter(line -> !line.isBlank() && !line.startsWith("processed "))
                .reduce("", (_, last) -> last);
    }
}
