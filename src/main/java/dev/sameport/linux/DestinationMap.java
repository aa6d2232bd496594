package dev.sameport.linux;

import java.net.InetSocketAddress;
import java.util.List;

/// What a map of nftables whose values are `address . port` is to contain, and nothing else.
///
/// @param name the map's, within its table
public record DestinationMap(String name, List<? extends Element> elements) {
    public DestinationMap {
        elements = List.copyOf(elements);
    }

    /// A key, or an interval of keys, and where it leads.
    public sealed interface Element {
        /// Where it leads; of the map's one family.
        InetSocketAddress to();
    }

    /// Of an interval map whose keys are numbers of 32 bits; both ends belong to it.
    public record Range(int first, int last, InetSocketAddress to) implements Element {
        public Range {
            if (first < 0 || last < first || last == Integer.MAX_VALUE) {
                throw new IllegalArgumentException("range %d-%d".formatted(first, last));
            }
        }
    }

    /// Of a map whose keys are ports (`inet_service`).
    public record Port(int port, InetSocketAddress to) implements Element {
        public Port {
            if (port < 0 || port > 0xffff) {
                throw new IllegalArgumentException("port " + port + " is outside 0-65535");
            }
        }
    }
}
