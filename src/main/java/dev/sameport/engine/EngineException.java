package dev.sameport.engine;

/// An engine could not be asked, or answered what can't be understood; the message says what, of
/// which engine.
public class EngineException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final int status;

    public EngineException(String message, Throwable cause) {
        super(message, cause);
        this.status = 0;
    }

    public EngineException(String message) {
        this(message, 0);
    }

    /// With the HTTP status that the engine answered.
    public EngineException(String message, int status) {
        super(message);
        this.status = status;
    }

    /// Whether the engine said that there is no such thing.
    public boolean notFound() {
        return status == 404;
    }

    /// Whether the engine said that there is a container of that name already: Docker by the
    /// status, Podman 4.3 by its words only.
    public boolean nameTaken() {
        return status == 409
                || (status == 500 && String.valueOf(getMessage()).contains("already in use"));
    }
}
