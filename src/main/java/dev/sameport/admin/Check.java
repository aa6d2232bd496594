package dev.sameport.admin;

/// One line of `sameport doctor`.
///
/// @param name what was looked at
/// @param detail what was found
/// @param fix what to do; empty where nothing is wrong
public record Check(String name, Outcome outcome, String detail, String fix) {
    /// How it stands.
    public enum Outcome {
        OK,
        WARN,
        FAIL
    }
}
