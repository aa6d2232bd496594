package dev.sameport.model;

import java.net.InetSocketAddress;

/// How this host gets to an address of a replica: checked with the kernel by the provider, not
/// assumed from the address.
public sealed interface Reach {

    /// The replica's interface has its peer on this bridge of our own network namespace: every
    /// plane can serve it.
    record OnBridge(String bridge) implements Reach {}

    /// The replica lives in our own network namespace (`--network host`), so its address is the
    /// host's.
    record OnHost() implements Reach {}

    /// Only through a loopback port that the engine published (rootless): the listener can serve
    /// it, the kernel can't.
    record ThroughPublished(InetSocketAddress published) implements Reach {}

    /// A plain address given by a person: taken at their word, served by the listener.
    record Plain() implements Reach {}

    /// Not from here, and why.
    record Unreachable(String reason) implements Reach {}
}
