package dev.sameport.model;

import java.util.Comparator;

/// The one host address, port and protocol that is shared.
public record PublishedPort(HostAddress address, int port, Protocol protocol)
        implements Comparable<PublishedPort> {

    private static final Comparator<PublishedPort> ORDER =
            Comparator.comparingInt(PublishedPort::port)
                    .thenComparing(PublishedPort::protocol)
                    .thenComparing(published -> published.address().text());

    public PublishedPort {
        Ports.check("published port", port);
    }

    /// Both families, TCP: what `80:80` means.
    public static PublishedPort tcp(int port) {
        return new PublishedPort(HostAddress.any(), port, Protocol.TCP);
    }

    /// `80/tcp`, `127.0.0.1:80/tcp`, `[::1]:80/tcp`.
    public String text() {
        String host = address.text();
        return (host.isEmpty() ? "" : host + ":") + port + "/" + protocol.text();
    }

    /// Whether both want one and the same socket.
    public boolean overlaps(PublishedPort other) {
        return port == other.port && protocol == other.protocol && address.overlaps(other.address);
    }

    @Override
    public int compareTo(PublishedPort other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return text();
    }
}
