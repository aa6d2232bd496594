package dev.sameport.plane.nat;

import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// nft's own text of our table, made comparable.
final class TableText {
    private static final Pattern COUNTERS = Pattern.compile(" packets [0-9]+ bytes [0-9]+");
    private static final Pattern EXPIRY = Pattern.compile(" expires [0-9a-z]+");
    private static final Pattern TRIAL =
            Pattern.compile("(map trial_ipv[46] \\{[^}]*?)\n\\s*elements = \\{[^}]*}");

    private TableText() {}

    /// Without what changes by itself: counters, expiries and a running trial.
    static String normalized(String listing) {
        String still = COUNTERS.matcher(listing).replaceAll("");
        return TRIAL.matcher(EXPIRY.matcher(still).replaceAll("")).replaceAll("$1");
    }

    /// Without the order in which the parts of the table were made, too.
    static String comparable(String listing) {
        String table = normalized(listing);
        String inside = table.substring(table.indexOf('\n') + 1, table.lastIndexOf('}'));
        return Arrays.stream(inside.split("\n\n"))
                .map(String::stripTrailing)
                .sorted()
                .collect(Collectors.joining("\n\n"));
    }
}
