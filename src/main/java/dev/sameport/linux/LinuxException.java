package dev.sameport.linux;

/// A refusal of the kernel: what was asked, its error number and the reason in words.
public final class LinuxException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String operation;
    private final int errno;

    /// Tells that `operation` failed with the positive error number `errno`; `text` says why.
    public LinuxException(String operation, int errno, String text) {
        super(operation + ": " + text + " (" + Errno.nameOf(errno) + ")");
        this.operation = operation;
        this.errno = errno;
    }

    LinuxException(String operation, Errno errno) {
        this(operation, errno.number(), errno.text());
    }

    LinuxException(String operation, Errno errno, String text) {
        this(operation, errno.number(), text);
    }

    /// Returns a system call's result, or throws if it is a negated error number.
    static long orThrow(String operation, long result) {
        if (result < 0) {
            int errno = (int) -result;
            throw new LinuxException(operation, errno, Errno.textOf(errno));
        }
        return result;
    }

    /// What was asked of the kernel, with its object: `bind 127.0.0.1:80`.
    public String operation() {
        return operation;
    }

    /// The error number, positive, as in errno(3).
    public int errno() {
        return errno;
    }

    /// The name of the error number, such as `EPERM`; `errno 200` for one without a name here.
    public String errorName() {
        return Errno.nameOf(errno);
    }

    boolean is(Errno expected) {
        return errno == expected.number();
    }
}
