package dev.sameport.admin;

/// Nobody answers at the control socket, or not as a daemon does.
public final class NoDaemonException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NoDaemonException(String message, Throwable cause) {
        super(message, cause);
    }
}
