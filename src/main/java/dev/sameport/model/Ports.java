package dev.sameport.model;

/// The range of port numbers.
public final class Ports {
    public static final int MIN = 1;
    public static final int MAX = 65_535;

    private Ports() {}

    /// Returns `port`, or rejects it by name.
    public static int check(String what, int port) {
        if (port < MIN || port > MAX) {
            throw new IllegalArgumentException(
                    what + " " + port + " is outside " + MIN + "–" + MAX);
        }
        return port;
    }
}
