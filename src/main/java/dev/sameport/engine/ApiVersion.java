package dev.sameport.engine;

import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A version of the engine API, such as 1.41.
record ApiVersion(int major, int minor) implements Comparable<ApiVersion> {
    private static final Pattern SHAPE = Pattern.compile("([0-9]{1,4})\\.([0-9]{1,4})(\\..*)?");
    private static final Comparator<ApiVersion> ORDER =
            Comparator.comparingInt(ApiVersion::major).thenComparingInt(ApiVersion::minor);

    static ApiVersion parse(String where, String text) {
        Matcher matcher = SHAPE.matcher(text);
        if (!matcher.matches()) {
            throw new EngineException(
                    where + ": API version '" + text + "' is not of the form 1.41");
        }
        return new ApiVersion(
                Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
    }

    @Override
    public int compareTo(ApiVersion other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return major + "." + minor;
    }
}
