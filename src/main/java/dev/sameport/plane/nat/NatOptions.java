package dev.sameport.plane.nat;

import java.time.Duration;

/// How the nat plane marks its traffic and how long its rules outlive the daemon.
///
/// @param mark the connection mark of dispatched traffic and the packet mark of our own upstream
///   sockets, within `mask`; not 0
/// @param mask the bits of the marks that are ours; the others are never changed
/// @param keepRulesFor how long the rules dispatch without a daemon that renews them, at least 1 ms
/// @param copyMark whether every packet of a marked connection gets the mark as well, for firewalls
///   that accept by packet mark (Docker's `--bridge-accept-fwmark`)
public record NatOptions(int mark, int mask, Duration keepRulesFor, boolean copyMark) {
    /// The top byte: netavark, Tailscale and Kubernetes use others.
    public static final NatOptions DEFAULT =
            new NatOptions(0x5a000000, 0xff000000, Duration.ofMinutes(10), false);

    public NatOptions {
        if (mask == 0) {
            throw new IllegalArgumentException("mark mask 0x0 leaves no bit to mark with");
        }
        if (mark == 0 || (mark & ~mask) != 0) {
            throw new IllegalArgumentException(
                    "mark 0x%x is not one or more of the bits of mask 0x%x".formatted(mark, mask));
        }
        if (keepRulesFor.toMillis() < 1) {
            throw new IllegalArgumentException(
                    "rules can't be kept for " + keepRulesFor + ", less than 1 ms");
        }
    }
}
