package dev.sameport.model;

import java.util.List;

/// What the planes should make true.
///
/// @param generation grows with each change
public record Desired(long generation, List<Service> services) {
    public static final Desired NOTHING = new Desired(0, List.of());

    public Desired {
        services = List.copyOf(services);
    }
}
