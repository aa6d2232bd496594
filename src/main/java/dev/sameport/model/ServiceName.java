package dev.sameport.model;

import java.util.regex.Pattern;

/// The name of a service: 1–128 characters, letters, digits, `_`, `.`, `-`, `/` and `:` (images
/// have them), beginning with a letter or digit.
public record ServiceName(String value) implements Comparable<ServiceName> {
    private static final Pattern SHAPE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_./:-]{0,127}");

    public ServiceName {
        if (!SHAPE.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "service name '"
                            + value
                            + "' is not 1–128 of A–Z a–z 0–9 _ . / : - beginning with a letter or digit");
        }
    }

    @Override
    public int compareTo(ServiceName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
