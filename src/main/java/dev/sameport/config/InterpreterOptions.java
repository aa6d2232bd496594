package dev.sameport.config;

/// What the daemon's operator allows.
///
/// @param trustImageLabels `--trust-image-labels`: `sameport.*` labels of a container's image count
///   as if they were its own
public record InterpreterOptions(boolean trustImageLabels) {
    public static final InterpreterOptions DEFAULT = new InterpreterOptions(false);
}
