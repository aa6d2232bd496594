package dev.sameport.plane.nat;

import java.time.Duration;

/// How the nat plane marks and how long its rules outlive the daemon.
///
/// @param mark the connection mark of rewritten connections, and the packet mark of our own
///   sockets, within `mask`
/// @param mask the bits that are ours; the rest belongs to others (Tailscale, netavark …)
/// @param keepRulesFor how long dispatch goes on after the last renewal
/// @param copyMark whether the connection mark is copied to packets, for an engine that accepts by
///   packet mark
public record NatOptions(int mark, int mask, Duration keepRulesFor, boolean copyMark) {
    public static final NatOptions DEFAULT =
            new NatOptions(0x5a000000, 0xff000000, Duration.ofMinutes(10), false);

    public NatOptions {
        if (mask == 0 || (mark & mask) != mark || mark == 0) {
            throw new IllegalArgumentException(
                    "mark 0x%08x has bits outside its mask 0x%08x, or is zero"
                            .formatted(mark, mask));
        }
        if (keepRulesFor.toSeconds() < 1) {
            throw new IllegalArgumentException(
                    "rules can't be kept for less than 1 s, not " + keepRulesFor);
        }
    }

    NatOptions copyingMark(boolean copy) {
        return new NatOptions(mark, mask, keepRulesFor, copy);
    }

    String markText() {
        return "0x%08x".formatted(mark);
    }

    String maskText() {
        return "0x%08x".formatted(mask);
    }

    String othersText() {
        return "0x%08x".formatted(~mask);
    }
}
