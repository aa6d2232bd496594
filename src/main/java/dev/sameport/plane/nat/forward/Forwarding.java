package dev.sameport.plane.nat.forward;

import dev.sameport.journal.Journal;
import dev.sameport.linux.Links;
import dev.sameport.linux.LinuxException;
import dev.sameport.linux.Nftables;
import dev.sameport.linux.Sysctl;
import dev.sameport.plane.nat.NatOptions;

/// Switches forwarding on where only `run` needs it and no engine has done so. What is newly
/// forwarded, and not ours, is dropped: a host that was no router does not become one.
public final class Forwarding {
    /// The table with the drop; apart from `inet sameport`, because it must not expire while
    /// forwarding is on.
    public static final String TABLE = "inet sameport_forward";

    private static final String IPV4 = "net.ipv4.ip_forward";
    private static final String IPV6 = "net.ipv6.conf.all.forwarding";

    private final Nftables nft;
    private final Journal journal;
    private final NatOptions options;

    public Forwarding(Nftables nft, Journal journal, NatOptions options) {
        this.nft = nft;
        this.journal = journal;
        this.options = options;
    }

    /// Switches on what is off. IPv6 stays off where this host learns its own route from router
    /// advertisements, which forwarding would end.
    ///
    /// @throws LinuxException when the kernel refuses
    public void on() {
        boolean ipv4 = off(IPV4);
        boolean ipv6 = off(IPV6) && !learnsRoutes();
        if (!ipv4 && !ipv6) {
            return;
        }
        journal.record(new Journal.Entry.Table(TABLE));
        nft.apply(dropOthers(options));
        if (ipv4) {
            set(IPV4);
        }
        if (ipv6) {
            set(IPV6);
        }
    }

    private static boolean off(String name) {
        return Sysctl.read(name).orElse("1").equals("0");
    }

    private static boolean learnsRoutes() {
        try (Links links = Links.open()) {
            return links.defaultRoutes().stream().anyMatch(route -> route.advertised());
        }
    }

    private void set(String name) {
        journal.record(new Journal.Entry.Setting(name, "0"));
        Sysctl.write(name, "1");
    }

    static String dropOthers(NatOptions options) {
        return """
        add table %1$s
        delete table %1$s
        add table %1$s
        add chain %1$s forward { type filter hook forward priority 0; policy accept; }
        add rule %1$s forward ct state established,related accept
        add rule %1$s forward ct mark & 0x%2$08x != 0x%3$08x drop comment "not forwarded before sameport"
        """
                .formatted(TABLE, options.mask(), options.mark());
    }

    /// An engine runs now and has its own rules for what is forwarded: ours would be in its way.
    public void leaveToEngine() {
        nft.apply("add table " + TABLE + "\ndelete table " + TABLE + "\n");
    }
}
