package dev.sameport.config;

/// Foreign text, made fit to be shown: control and other invisible characters escaped, length
/// bounded.
final class Escaped {
    private static final int MAX_SHOWN = 80;

    private Escaped() {}

    /// `text` with everything that could mislead a terminal or a log as `\\uXXXX`; cut after 80
    /// characters.
    static String text(String text) {
        StringBuilder shown = new StringBuilder(Math.min(text.length(), MAX_SHOWN) + 8);
        int count = 0;
        for (int i = 0; i < text.length(); count++) {
            if (count == MAX_SHOWN) {
                return shown.append('…').toString();
            }
            int character = text.codePointAt(i);
            append(shown, character);
            i += Character.charCount(character);
        }
        return shown.toString();
    }

    /// The same in quotes.
    static String quoted(String text) {
        return "'" + text(text) + "'";
    }

    private static void append(StringBuilder shown, int character) {
        if (visible(character)) {
            shown.appendCodePoint(character);
        } else if (Character.isBmpCodePoint(character)) {
            shown.append(String.format("\\u%04x", character));
        } else {
            shown.append(String.format("\\u{%x}", character));
        }
    }

    private static boolean visible(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR ->
                    false;
            case Character.SPACE_SEPARATOR -> character == ' ';
            default -> true;
        };
    }
}
