package dev.sameport.plane.proxy.http.message;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Messages with what is to be said of them: `src/test/resources/http/*.txt`.
///
/// @param text its bytes as ISO 8859-1
/// @param expected `ok`, perhaps with more, or the name of a fault
public record Corpus(String name, String expected, String text) {
    private static final Pattern ESCAPE = Pattern.compile("\\\\(?:x([0-9a-f]{2})|[rnt0\\\\])");

    public static List<Corpus> requests() {
        return read("requests.txt");
    }

    static List<Corpus> answers() {
        return read("answers.txt");
    }

    static List<Corpus> chunks() {
        return read("chunks.txt");
    }

    private static List<Corpus> read(String file) {
        try {
            return Files.readAllLines(Path.of("src/test/resources/http").resolve(file)).stream()
                    .filter(line -> !line.startsWith("#"))
                    .map(Corpus::parse)
                    .toList();
        } catch (IOException absent) {
            throw new UncheckedIOException(absent);
        }
    }

    private static Corpus parse(String line) {
        int first = line.indexOf(" | ");
        int second = line.indexOf(" | ", first + 3);
        return new Corpus(
                line.substring(0, first),
                line.substring(first + 3, second),
                unescaped(line.substring(second + 3)));
    }

    /// The message itself.
    public byte[] bytes() {
        return text.getBytes(ISO_8859_1);
    }

    private static String unescaped(String text) {
        return ESCAPE.matcher(text)
                .replaceAll(match -> Matcher.quoteReplacement(String.valueOf(character(match))));
    }

    private static char character(MatchResult match) {
        return match.group(1) != null
                ? (char) Integer.parseInt(match.group(1), 16)
                : switch (match.group().charAt(1)) {
                    case 'r' -> '\r';
                    case 'n' -> '\n';
                    case 't' -> '\t';
                    case '0' -> '\0';
                    default -> '\\';
                };
    }

    public boolean isValid() {
        return expected.startsWith("ok");
    }

    @Override
    public String toString() {
        return name;
    }
}
