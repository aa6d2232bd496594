package dev.sameport.model;

import java.net.InetSocketAddress;
import java.util.List;

/// A service that a person declared (`sameport publish`, a file): its endpoints by name or address,
/// its settings as labels.
///
/// @param origin where it was said, for problems: `publish`, or a file
/// @param settings every `sameport.*` label, `sameport.publish` and `sameport.service` included
/// @param endpoints who serves
public record Declaration(
        String origin, ServiceName name, Labels settings, List<Member> endpoints) {

    /// One endpoint of a declaration.
    public sealed interface Member {
        /// A container's name, id or unique id prefix.
        record Named(String nameOrId) implements Member {}

        /// A plain address.
        record At(InetSocketAddress address) implements Member {}
    }

    public Declaration {
        endpoints = List.copyOf(endpoints);
    }
}
