package dev.sameport.config;

import dev.sameport.model.Family;
import dev.sameport.model.HostAddress;
import dev.sameport.model.Mapping;
import dev.sameport.model.Ports;
import dev.sameport.model.Protocol;
import dev.sameport.model.PublishedPort;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/// The grammar of `sameport.publish`: a comma list of `[addr:]host[:container][/tcp|udp]`, each
/// port a number or a range of the same length.
///
/// `80` is `80:80`; no address is every address of both families, `0.0.0.0` is IPv4 only, `[::]` is
/// IPv6 only; IPv6 addresses stand in brackets; at most 1,000 ports in all.
public final class PublishGrammar {
    /// The most ports that one value may publish.
    public static final int MAX_PORTS = 1000;

    private static final String EXAMPLE = "write it as 80:8080 or 127.0.0.1:80:8080";
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");
    private static final Pattern PORT_CHARACTERS = Pattern.compile("[0-9 -]*");

    private record Range(int first, int last) {
        int length() {
            return last - first + 1;
        }
    }

    private record Part(HostAddress address, Range host, Range container, Protocol protocol) {}

    private PublishGrammar() {}

    /// The mappings of `text`, in the order of the text.
    ///
    /// @throws BadValue naming the item and the character where it begins
    public static List<Mapping> parse(String text) {
        List<Mapping> mappings = new ArrayList<>();
        Map<String, List<Mapping>> bySocket = new HashMap<>();
        int start = 0;
        for (String item : text.split(",", -1)) {
            int position = start + item.length() - item.stripLeading().length() + 1;
            try {
                add(part(item.strip()), mappings, bySocket);
            } catch (BadValue bad) {
                throw positioned(bad, item.strip(), position);
            }
            start += item.length() + 1;
        }
        return List.copyOf(mappings);
    }

    /// Reads back what `PublishedPort.text()` wrote.
    ///
    /// @throws BadValue if it is not exactly one published port
    public static PublishedPort published(String text) {
        List<Mapping> mappings = parse(text);
        if (mappings.size() != 1 || !mappings.getFirst().published().text().equals(text)) {
            throw new BadValue(
                    Escaped.quoted(text) + " is not one published port", "write it as 80/tcp");
        }
        return mappings.getFirst().published();
    }

    private static BadValue positioned(BadValue bad, String item, int position) {
        var problem = bad.at("");
        return new BadValue(
                Escaped.quoted(item) + " at character " + position + ": " + problem.what(),
                problem.fix());
    }

    private static void add(
            Part part, List<Mapping> mappings, Map<String, List<Mapping>> bySocket) {
        for (int i = 0; i < part.host().length(); i++) {
            PublishedPort published =
                    new PublishedPort(part.address(), part.host().first() + i, part.protocol());
            Mapping mapping = new Mapping(published, part.container().first() + i);
            List<Mapping> same =
                    bySocket.computeIfAbsent(
                            published.port() + "/" + published.protocol(), _ -> new ArrayList<>());
            for (Mapping earlier : same) {
                if (earlier.published().overlaps(published)) {
                    throw new BadValue(
                            published.text() + " is already in " + earlier.published().text(),
                            "publish each port once");
                }
            }
            same.add(mapping);
            mappings.add(mapping);
            if (mappings.size() > MAX_PORTS) {
                throw tooMany();
            }
        }
    }

    private static BadValue tooMany() {
        return new BadValue("publishes more than 1,000 ports", "publish fewer ports");
    }

    private static Part part(String item) {
        if (item.isEmpty()) {
            throw new BadValue("there is nothing to publish", EXAMPLE);
        }
        int slash = item.lastIndexOf('/');
        Protocol protocol = slash < 0 ? Protocol.TCP : protocol(item.substring(slash + 1));
        String rest = slash < 0 ? item : item.substring(0, slash);
        return rest.startsWith("[") ? bracketed(rest, protocol) : plain(rest, protocol);
    }

    private static Protocol protocol(String text) {
        return switch (text.strip().toLowerCase(Locale.ROOT)) {
            case "tcp" -> Protocol.TCP;
            case "udp" -> Protocol.UDP;
            default ->
                    throw new BadValue(
                            "protocol " + Escaped.quoted(text) + " is neither tcp nor udp",
                            "end it with /tcp, /udp or nothing");
        };
    }

    private static Part bracketed(String text, Protocol protocol) {
        int close = text.indexOf("]:");
        if (close < 0) {
            throw new BadValue("'[' is not closed by ']:' and a port", "write it as [::1]:80:8080");
        }
        HostAddress address = host(IpLiterals.ipv6(text.substring(1, close)), Family.IPV6);
        String[] ports = text.substring(close + 2).split(":", -1);
        if (ports.length > 2) {
            throw new BadValue("there are too many colons", "write it as [::1]:80:8080");
        }
        return part(address, ports[0], ports[ports.length - 1], protocol);
    }

    private static Part plain(String text, Protocol protocol) {
        String[] fields = text.split(":", -1);
        boolean addressFirst =
                fields.length == 3
                        || (fields.length == 2 && !PORT_CHARACTERS.matcher(fields[0]).matches());
        if (fields.length > 3) {
            throw new BadValue(
                    "there are too many colons", "put an IPv6 address in brackets: [::1]:80:8080");
        }
        if (!addressFirst) {
            return part(HostAddress.any(), fields[0], fields[fields.length - 1], protocol);
        }
        HostAddress address = host(IpLiterals.ipv4(fields[0].strip()), Family.IPV4);
        return part(address, fields[1], fields[fields.length - 1], protocol);
    }

    private static HostAddress host(InetAddress address, Family family) {
        return address.isAnyLocalAddress()
                ? new HostAddress.AnyOf(family)
                : new HostAddress.One(address);
    }

    private static Part part(
            HostAddress address, String hostText, String containerText, Protocol protocol) {
        Range host = range("host port", hostText);
        Range container = range("container port", containerText);
        if (host.length() != container.length()) {
            throw new BadValue(
                    "the ranges differ in length: "
                            + host.length()
                            + " host ports and "
                            + container.length()
                            + " container ports",
                    "write ranges of equal length, such as 8000-8010:9000-9010");
        }
        if (host.length() > MAX_PORTS) {
            throw tooMany();
        }
        return new Part(address, host, container, protocol);
    }

    private static Range range(String what, String text) {
        int dash = text.indexOf('-');
        if (dash < 0) {
            int port = port(what, text);
            return new Range(port, port);
        }
        Range range =
                new Range(
                        port(what, text.substring(0, dash)), port(what, text.substring(dash + 1)));
        if (range.last() < range.first()) {
            throw new BadValue(
                    what + " range " + range.first() + "-" + range.last() + " runs backwards",
                    "write the lower port first");
        }
        return range;
    }

    private static int port(String what, String text) {
        String digits = text.strip();
        if (digits.isEmpty()) {
            throw new BadValue("the " + what + " is missing", EXAMPLE);
        }
        if (!NUMBER.matcher(digits).matches()) {
            throw new BadValue(what + " " + Escaped.quoted(digits) + " is not a number", EXAMPLE);
        }
        int port = Integer.parseInt(digits);
        if (port < Ports.MIN || port > Ports.MAX) {
            throw new BadValue(
                    what + " " + port + " is outside " + Ports.MIN + "–" + Ports.MAX,
                    "choose a port in that range");
        }
        return port;
    }
}
