package dev.sameport.engine;

/// Nobody answers on an engine's socket, or the connection broke off: nothing can be said about
/// what was asked. (An engine that answers wrongly, or not in time, is a plain `EngineException`:
/// it may well answer the next question.)
public final class EngineUnreachableException extends EngineException {
    private static final long serialVersionUID = 1;

    public EngineUnreachableException(String message, Throwable cause) {
        super(message, cause);
    }

    public EngineUnreachableException(String message) {
        super(message);
    }
}
