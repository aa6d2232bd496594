package dev.sameport.admin;

import dev.sameport.config.BadValue;
import dev.sameport.model.Addresses;
import dev.sameport.model.Declaration.Member;
import dev.sameport.model.Ports;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The endpoints that a person names: a container's name or id, or `address:port` with IPv6 in
/// brackets. Never looks a name up.
public final class MemberGrammar {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,254}");

    /// A leading zero is refused, because some programs read it as octal.
    private static final Pattern IPV4 =
            Pattern.compile("(?:0|[1-9][0-9]{0,2})(?:\\.(?:0|[1-9][0-9]{0,2})){3}");

    private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");
    private static final Pattern WITH_PORT = Pattern.compile("(\\[[^\\[\\]]*]|[^\\[:]*):([^:]*)");
    private static final Pattern PORT = Pattern.compile("[0-9]{1,5}");

    private MemberGrammar() {}

    /// Reads one endpoint.
    ///
    /// @throws BadValue that says what is wrong and what to write
    public static Member parse(String text) {
        if (IPV4.matcher(text).matches()) {
            throw bad(text, "has no port", "write it as " + text + ":8080");
        }
        if (NAME.matcher(text).matches()) {
            return new Member.Named(text);
        }
        Matcher matcher = WITH_PORT.matcher(text);
        if (matcher.matches()) {
            return new Member.At(
                    new InetSocketAddress(
                            address(text, matcher.group(1)), port(text, matcher.group(2))));
        }
        if (IPV6.matcher(text).matches()) {
            throw bad(text, "is IPv6 without brackets", "write it as [fd00::5]:8080");
        }
        throw bad(
                text,
                "is neither a container nor an address with a port",
                "write a container's name or id, 10.0.0.5:8080 or [fd00::5]:8080");
    }

    /// What `parse` reads back.
    public static String text(Member member) {
        return switch (member) {
            case Member.Named(String nameOrId) -> nameOrId;
            case Member.At(InetSocketAddress address) -> Addresses.text(address);
        };
    }

    private static InetAddress address(String whole, String host) {
        boolean bracketed = host.startsWith("[");
        String literal = bracketed ? host.substring(1, host.length() - 1) : host;
        if (!(bracketed ? IPV6 : IPV4).matcher(literal).matches()) {
            throw bad(
                    whole,
                    "has no address before its port",
                    "write an address such as 10.0.0.5:8080 or [fd00::5]:8080; a container is named without a port");
        }
        try {
            InetAddress address = InetAddress.ofLiteral(literal);
            if (address.isAnyLocalAddress() || address.isMulticastAddress()) {
                throw bad(whole, "is not an address to connect to", "write one of a server");
            }
            return address;
        } catch (IllegalArgumentException e) {
            throw e instanceof BadValue known
                    ? known
                    : bad(whole, "has no valid address", "write it as 10.0.0.5:8080");
        }
    }

    private static int port(String whole, String text) {
        int port = PORT.matcher(text).matches() ? Integer.parseInt(text) : 0;
        if (port < Ports.MIN || port > Ports.MAX) {
            throw bad(
                    whole,
                    "has a port outside " + Ports.MIN + "–" + Ports.MAX,
                    "write it as 10.0.0.5:8080");
        }
        return port;
    }

    private static BadValue bad(String text, String what, String fix) {
        return new BadValue("endpoint '" + Printable.text(text) + "' " + what, fix);
    }
}
