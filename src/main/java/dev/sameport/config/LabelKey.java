package dev.sameport.config;

/// One label of the own dialect: a row of the table that the CLI's flags, the files' keys and
/// `docs/labels.md` are made from.
///
/// @param name the whole key, such as `sameport.health.interval`
/// @param values the grammar of its value, for people
/// @param fallback what holds without it, for people
/// @param help one line that says what it does
public record LabelKey(String name, String values, String fallback, String help) {
    /// The prefix of every key.
    public static final String PREFIX = "sameport.";

    /// The flag of `publish` and `run` that says the same: `--health-interval`.
    public String flag() {
        return "--" + name.substring(PREFIX.length()).replace('.', '-');
    }
}
