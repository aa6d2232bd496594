package dev.sameport.engine.sandbox;

import java.util.Map;

/// A sandbox to be made.
///
/// @param name 1–63 of `A–Z a–z 0–9 _ . -`, beginning with a letter or digit
/// @param image what it runs, a name that the engine knows; empty for the pause image
/// @param network a network's name; empty for the engine's default
/// @param labels what its container carries besides `sameport.sandbox`
public record SandboxOrder(String name, String image, String network, Map<String, String> labels) {
    public SandboxOrder {
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9_.-]{0,62}")) {
            throw new IllegalArgumentException(
                    "'"
                            + name
                            + "' is not the name of a sandbox; write 1–63 of A–Z a–z 0–9 _ . - beginning with a letter or digit");
        }
        if (network.equals("host") || network.equals("none")) {
            throw new IllegalArgumentException(
                    "a sandbox has a network namespace of its own, network '"
                            + network
                            + "' gives it none to reach it by; name another network, or none at all");
        }
        labels = Map.copyOf(labels);
    }
}
