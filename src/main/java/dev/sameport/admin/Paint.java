package dev.sameport.admin;

/// Whether texts are coloured (ANSI escape sequences), which only a client with a terminal asks
/// for.
public enum Paint {
    PLAIN,
    COLOURED;

    /// What a piece of text means.
    public enum Tone {
        PLAIN(""),
        HEAD("\u001b[1m"),
        GOOD("\u001b[32m"),
        POOR("\u001b[33m"),
        BAD("\u001b[31m");

        private final String start;

        Tone(String start) {
            this.start = start;
        }
    }

    String on(Tone tone, String text) {
        return this == PLAIN || tone == Tone.PLAIN ? text : tone.start + text + "\u001b[0m";
    }
}
