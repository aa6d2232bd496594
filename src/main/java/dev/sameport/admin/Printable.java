package dev.sameport.admin;

/// Foreign text, made fit for a terminal: engines, labels and clients choose names, and an escape
/// sequence in one must not reach the screen.
final class Printable {
    private static final int LONGEST = 200;

    private Printable() {}

    /// `text` with control and invisible characters as `\\uXXXX`, cut after 200 characters.
    static String text(String text) {
        if (text.length() <= LONGEST && text.codePoints().allMatch(Printable::visible)) {
            return text;
        }
        StringBuilder shown = new StringBuilder();
        int count = 0;
        for (int i = 0; i < text.length(); count++) {
            int character = text.codePointAt(i);
            if (count == LONGEST) {
                return shown.append('…').toString();
            }
            if (visible(character)) {
                shown.appendCodePoint(character);
            } else {
                shown.append(String.format("\\u%04x", character));
            }
            i += Character.charCount(character);
        }
        return shown.toString();
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
            default -> true;
        };
    }
}
