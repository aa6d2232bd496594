package dev.sameport.model;

/// An endpoint's share of new connections relative to its siblings: 0–1000; 0 takes none.
public record Weight(int value) {
    public static final Weight ONE = new Weight(1);
    public static final int MAX = 1000;

    public Weight {
        if (value < 0 || value > MAX) {
            throw new IllegalArgumentException("weight " + value + " is outside 0–" + MAX);
        }
    }
}
