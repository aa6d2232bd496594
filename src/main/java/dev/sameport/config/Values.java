package dev.sameport.config;

import dev.sameport.model.AddressRange;
import dev.sameport.model.Affinity;
import dev.sameport.model.HttpProbe.StatusRange;
import dev.sameport.model.ServiceName;
import dev.sameport.model.Weight;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The grammars of single label values. Every method throws `BadValue`.
final class Values {
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h)?");
    private static final Pattern SIZE = Pattern.compile("([0-9]{1,9})([kKmM]?)");
    private static final Pattern WHOLE = Pattern.compile("[0-9]{1,9}");
    private static final Pattern COOKIE = Pattern.compile("[A-Za-z0-9_-]{1,64}");
    private static final Pattern NETWORK = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,254}");
    private static final Pattern PATH = Pattern.compile("/[\\x21-\\x7e]{0,1023}");
    private static final Pattern FILE =
            Pattern.compile(
                    "[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}(/[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}){0,4}");
    private static final Pattern HOST =
            Pattern.compile("(\\*\\.)?[A-Za-z0-9_][A-Za-z0-9._-]{0,250}");
    private static final Pattern SANDBOX = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,62}");
    private static final Pattern STATUS = Pattern.compile("([1-5][0-9]{2})(?:-([1-5][0-9]{2}))?");
    private static final Duration LONGEST_AFFINITY = Duration.ofHours(24);
    private static final Duration SHORTEST_IDLE = Duration.ofSeconds(1);
    private static final Duration LONGEST_IDLE = Duration.ofHours(24);

    private Values() {}

    /// `500ms`, `5s`, `2m`, `1h`; a plain number is seconds.
    static Duration duration(String text, Duration least, Duration most) {
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            throw new BadValue(
                    Escaped.quoted(text) + " is not a duration", "write 500ms, 5s, 2m or 1h");
        }
        long number = Long.parseLong(matcher.group(1));
        String unit = matcher.group(2);
        Duration duration =
                switch (unit == null ? "s" : unit) {
                    case "ms" -> Duration.ofMillis(number);
                    case "m" -> Duration.ofMinutes(number);
                    case "h" -> Duration.ofHours(number);
                    default -> Duration.ofSeconds(number);
                };
        if (duration.compareTo(least) < 0 || duration.compareTo(most) > 0) {
            throw new BadValue(
                    text + " is outside " + text(least) + "–" + text(most),
                    "choose a duration in that range");
        }
        return duration;
    }

    /// `0` for never, else 1 s to 24 h.
    static Duration idleTimeout(String text) {
        Duration duration = duration(text, Duration.ZERO, LONGEST_IDLE);
        if (duration.isPositive() && duration.compareTo(SHORTEST_IDLE) < 0) {
            throw new BadValue(
                    text + " is neither 0 nor " + text(SHORTEST_IDLE) + "–" + text(LONGEST_IDLE),
                    "choose a duration in that range, or 0 for never");
        }
        return duration;
    }

    /// `500ms`, `5s`, `2m`, `1h`: the largest unit that is exact.
    static String text(Duration duration) {
        long millis = duration.toMillis();
        if (millis % 1000 != 0) {
            return millis + "ms";
        }
        if (millis == 0 || millis % 60_000 != 0) {
            return millis / 1000 + "s";
        }
        return millis % 3_600_000 == 0 ? millis / 3_600_000 + "h" : millis / 60_000 + "m";
    }

    static int whole(String text, int least, int most) {
        if (!WHOLE.matcher(text).matches()) {
            throw new BadValue(
                    Escaped.quoted(text) + " is not a whole number",
                    "write a number from " + least + " to " + most);
        }
        int number = Integer.parseInt(text);
        if (number < least || number > most) {
            throw new BadValue(
                    number + " is outside " + least + "–" + most, "choose a number in that range");
        }
        return number;
    }

    /// `512`, `32k`, `1m`: bytes.
    static int size(String text, int least, int most) {
        Matcher matcher = SIZE.matcher(text);
        if (!matcher.matches()) {
            throw new BadValue(
                    Escaped.quoted(text) + " is not a size", "write bytes, such as 512, 32k or 1m");
        }
        long unit =
                switch (matcher.group(2).toLowerCase(Locale.ROOT)) {
                    case "k" -> 1 << 10;
                    case "m" -> 1 << 20;
                    default -> 1;
                };
        long size = unit * Long.parseLong(matcher.group(1));
        if (size < least || size > most) {
            throw new BadValue(
                    text + " is outside " + least + "–" + most + " bytes",
                    "choose a size in that range");
        }
        return (int) size;
    }

    /// A comma list of file names, none of which leaves its directory.
    static List<String> files(String text) {
        List<String> files = new ArrayList<>();
        for (String item : text.split(",", -1)) {
            files.add(
                    matching(
                            FILE,
                            item.strip(),
                            "a file name below the directory of certificates",
                            "write one such as example.org.pem or example.org/fullchain.pem"));
        }
        return files;
    }

    /// A comma list of host names, `*.example.org` included: each once, in lower case, sorted.
    static List<String> hosts(String text) {
        TreeSet<String> hosts = new TreeSet<>();
        for (String item : text.split(",", -1)) {
            hosts.add(
                    matching(
                            HOST,
                            item.strip().toLowerCase(Locale.ROOT),
                            "a host name",
                            "write one such as example.org or *.example.org"));
        }
        return List.copyOf(hosts);
    }

    /// A comma list of addresses and ranges in CIDR form.
    static List<AddressRange> ranges(String text) {
        List<AddressRange> ranges = new ArrayList<>();
        for (String item : text.split(",", -1)) {
            ranges.add(range(item.strip()));
        }
        return ranges;
    }

    private static AddressRange range(String text) {
        int slash = text.indexOf('/');
        String literal = slash < 0 ? text : text.substring(0, slash);
        InetAddress address =
                literal.indexOf(':') < 0 ? IpLiterals.ipv4(literal) : IpLiterals.ipv6(literal);
        int bits = 8 * address.getAddress().length;
        return new AddressRange(
                address, slash < 0 ? bits : whole(text.substring(slash + 1), 0, bits));
    }

    static Weight weight(String text) {
        return new Weight(whole(text, 0, Weight.MAX));
    }

    /// One of the constants of an enum, in any case.
    static <E extends Enum<E>> E choice(Class<E> choices, String text) {
        StringBuilder names = new StringBuilder();
        for (E choice : choices.getEnumConstants()) {
            String name = choice.name().toLowerCase(Locale.ROOT);
            if (name.equalsIgnoreCase(text)) {
                return choice;
            }
            names.append(names.isEmpty() ? "" : ", ").append(name);
        }
        throw new BadValue(Escaped.quoted(text) + " is not known", "choose one of " + names);
    }

    static boolean strict(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "strict" -> true;
            case "lenient" -> false;
            default ->
                    throw new BadValue(
                            Escaped.quoted(text) + " is not known",
                            "choose one of strict, lenient");
        };
    }

    static boolean truth(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default ->
                    throw new BadValue(
                            Escaped.quoted(text) + " is not known", "choose one of true, false");
        };
    }

    static ServiceName service(String text) {
        try {
            return new ServiceName(text);
        } catch (IllegalArgumentException _) {
            throw new BadValue(
                    Escaped.quoted(text) + " is not a service name",
                    "write 1–128 of A–Z a–z 0–9 _ . / : - beginning with a letter or digit");
        }
    }

    static String network(String text) {
        return matching(NETWORK, text, "a network name", "write it as `docker network ls` does");
    }

    static String sandbox(String text) {
        return matching(
                SANDBOX,
                text,
                "the name of a sandbox",
                "leave this label to `sameport sandbox create`");
    }

    static String path(String text) {
        return matching(PATH, text, "a path", "write one such as /healthz, without spaces");
    }

    /// `200`, `200-399`, or several of them with commas.
    static List<StatusRange> status(String text) {
        List<StatusRange> ranges = new ArrayList<>();
        for (String item : text.split(",", -1)) {
            Matcher matcher = STATUS.matcher(item.strip());
            if (!matcher.matches()
                    || (matcher.group(2) != null
                            && matcher.group(2).compareTo(matcher.group(1)) < 0)) {
                throw new BadValue(
                        Escaped.quoted(item) + " is not an HTTP status or a range of them",
                        "write 200, 200-399 or 200,204");
            }
            int first = Integer.parseInt(matcher.group(1));
            String last = matcher.group(2);
            ranges.add(new StatusRange(first, last == null ? first : Integer.parseInt(last)));
        }
        return List.copyOf(ranges);
    }

    /// `none`, `client-ip[=duration]`, `cookie[=name]`.
    static Affinity affinity(String text) {
        int equals = text.indexOf('=');
        String kind = equals < 0 ? text : text.substring(0, equals);
        String detail = equals < 0 ? "" : text.substring(equals + 1);
        return switch (kind.toLowerCase(Locale.ROOT)) {
            case "client-ip" ->
                    new Affinity.ClientIp(
                            equals < 0
                                    ? Duration.ZERO
                                    : duration(detail, Duration.ofSeconds(1), LONGEST_AFFINITY));
            case "cookie" -> new Affinity.Cookie(equals < 0 ? "sameport" : cookie(detail));
            default -> noAffinity(text);
        };
    }

    private static Affinity noAffinity(String text) {
        if (text.equalsIgnoreCase("none")) {
            return new Affinity.None();
        }
        throw new BadValue(
                Escaped.quoted(text) + " is not known",
                "choose none, client-ip, client-ip=10m, cookie or cookie=NAME");
    }

    private static String cookie(String text) {
        return matching(COOKIE, text, "a cookie name", "write 1–64 letters, digits, _ or -");
    }

    private static String matching(Pattern shape, String text, String what, String fix) {
        if (!shape.matcher(text).matches()) {
            throw new BadValue(Escaped.quoted(text) + " is not " + what, fix);
        }
        return text;
    }
}
