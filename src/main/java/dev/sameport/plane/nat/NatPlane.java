package dev.sameport.plane.nat;

import dev.sameport.linux.Nftables;
import dev.sameport.linux.NftablesException;
import dev.sameport.model.Addresses;
import dev.sameport.model.Desired;
import dev.sameport.model.EndpointId;
import dev.sameport.model.EndpointSpec;
import dev.sameport.model.Family;
import dev.sameport.model.PublishedPort;
import dev.sameport.plane.PortOutcome;
import dev.sameport.plane.Support;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The nat plane: makes table `inet sameport` say what is desired, one transaction a change.
/// `apply`, `repair` and `erase` are called from one thread.
public final class NatPlane implements AutoCloseable {
    /// Trial ports: any number that fits, since nothing but trial packets looks them up.
    private static final int FIRST_TRIAL_PORT = 20_000;

    private static final int TRIAL_PORTS = 10_000;

    private final Nftables nft;
    private final NatOptions options;
    private final Tally tally = new Tally();
    private final Map<EndpointId, Set<Family>> works = new ConcurrentHashMap<>();
    private final Object trialLock = new Object();
    // guarded by trialLock
    private @Nullable TrialNamespace trials;
    private int nextTrial;
    // confined to the caller's one thread; null until the first success
    private @Nullable NatState applied;
    // what `fingerprinted` looked like right after it was written; confined like `applied`
    private @Nullable NatState fingerprinted;
    private String fingerprint = "";

    public NatPlane(Nftables nft, NatOptions options) {
        this.nft = nft;
        this.options = options;
    }

    /// What carries it.
    public Support support() {
        return new Support("nat", nft.description(), null);
    }

    /// Makes the rules say `desired`, whose ports are all bound by a listener; if nft refuses the
    /// change, a full rewrite is tried once, and if that fails too, the former rules stay and
    /// `NftablesException` says why.
    public Map<PublishedPort, PortOutcome> apply(Desired desired) {
        Offload offload = Offload.of(desired, works);
        NatState wanted = new NatState(options, offload.ports());
        NatState before = applied;
        if (before == null) {
            rewrite(wanted);
        } else if (!before.equals(wanted)) {
            change(before, wanted);
        }
        return offload.outcomes();
    }

    private void change(NatState before, NatState wanted) {
        String commands = Ruleset.diff(before, wanted);
        Set<String> flushed = flushedMaps(commands);
        flushed.forEach(this::readCounters);
        try {
            nft.apply(commands);
            flushed.forEach(tally::flushed);
            applied = wanted;
        } catch (NftablesException _) {
            // Somebody changed the table under us, or an old kernel won't delete a chain that just
            // lost its last reference.
            rewrite(wanted);
        }
    }

    private static Set<String> flushedMaps(String commands) {
        Set<String> maps = new HashSet<>();
        for (String line : commands.split("\n")) {
            if (line.startsWith("flush map ") || line.startsWith("delete map ")) {
                maps.add(line.substring(line.lastIndexOf(' ') + 1));
            }
        }
        return maps;
    }

    private void rewrite(NatState wanted) {
        readAllCounters();
        nft.apply(Ruleset.full(wanted));
        tally.flushedAll();
        applied = wanted;
    }

    private void readCounters(String map) {
        try {
            Tally.parse(nft.list("list map " + Ruleset.TABLE + " " + map)).forEach(tally::read);
        } catch (NftablesException _) {
            // The map is gone with its counts; what was read before still counts.
        }
    }

    private void readAllCounters() {
        try {
            Tally.parse(nft.list("list table " + Ruleset.TABLE)).forEach(tally::read);
        } catch (NftablesException _) {
            // There is no table, so there is nothing to count.
        }
    }

    /// New connections that each endpoint address got since the start.
    public Map<InetSocketAddress, Long> connections() {
        readAllCounters();
        return tally.total();
    }

    /// The endpoint addresses that an earlier daemon left in force; empty where there is no table.
    public Set<InetSocketAddress> adopt() {
        try {
            Set<InetSocketAddress> addresses = new HashSet<>();
            Tally.parse(nft.list("list table " + Ruleset.TABLE))
                    .values()
                    .forEach(map -> addresses.addAll(map.keySet()));
            return addresses;
        } catch (NftablesException _) {
            return Set.of();
        }
    }

    /// Lets the rules outlive the daemon by another `keepRulesFor`.
    public void renew() {
        if (applied != null) {
            nft.apply(Ruleset.renewal(options));
        }
    }

    /// Puts the rules back if somebody changed them; returns whether that was needed, or could not
    /// be ruled out.
    public boolean repair() {
        NatState wanted = applied;
        if (wanted == null || (wanted.equals(fingerprinted) && listing().equals(fingerprint))) {
            return false;
        }
        rewrite(wanted);
        fingerprint = listing();
        fingerprinted = wanted;
        return true;
    }

    private String listing() {
        try {
            return Fingerprint.of(nft.list("list table " + Ruleset.TABLE));
        } catch (NftablesException _) {
            return "";
        }
    }

    /// Connects through rules of its own, as an external client would, and remembers over which
    /// families that works. Any thread, blocking.
    ///
    /// @return null if it works over IPv4, or over IPv6 where that is all the endpoint has; else
    ///   why not
    public @Nullable String tryEndpoint(EndpointSpec endpoint, Duration timeout) {
        Set<Family> families = EnumSet.noneOf(Family.class);
        for (InetSocketAddress address : endpoint.addresses().all()) {
            if (tryAddress(address, timeout)) {
                families.add(Family.of(address.getAddress()));
            }
        }
        works.put(endpoint.id(), families);
        InetSocketAddress preferred = endpoint.addresses().preferred();
        return families.contains(Family.of(preferred.getAddress()))
                ? null
                : "a rewritten connection to " + Addresses.text(preferred) + " did not arrive";
    }

    private boolean tryAddress(InetSocketAddress address, Duration timeout) {
        synchronized (trialLock) {
            Family family = Family.of(address.getAddress());
            int port = FIRST_TRIAL_PORT + nextTrial++ % TRIAL_PORTS;
            String map = Ruleset.TABLE + " trial" + (family == Family.IPV4 ? 4 : 6);
            String element =
                    port
                            + " : "
                            + address.getAddress().getHostAddress()
                            + " . "
                            + address.getPort();
            try {
                nft.apply("add element " + map + " { " + element + " }\n");
                boolean connected = namespace().connects(family, port, timeout);
                nft.apply("delete element " + map + " { " + port + " }\n");
                return connected;
            } catch (RuntimeException _) {
                // A table or a veth pair that vanished meanwhile is made anew next time; until then
                // the listener serves.
                closeTrials();
                return false;
            }
        }
    }

    private TrialNamespace namespace() {
        TrialNamespace current = trials;
        if (current == null) {
            current = TrialNamespace.create();
            trials = current;
        }
        return current;
    }

    private void closeTrials() {
        TrialNamespace current = trials;
        if (current != null) {
            trials = null;
            current.close();
        }
    }

    /// Forgets an endpoint's trial.
    public void forget(EndpointId endpoint) {
        works.remove(endpoint);
    }

    /// Removes the table.
    public void erase() {
        nft.apply("add table " + Ruleset.TABLE + "\ndelete table " + Ruleset.TABLE + "\n");
        applied = null;
    }

    /// Ends what needs the process; the rules stay.
    @Override
    public void close() {
        synchronized (trialLock) {
            closeTrials();
        }
        nft.close();
    }
}
