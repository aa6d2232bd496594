package dev.sameport.plane.nat;

import dev.sameport.linux.DestinationMap;
import dev.sameport.linux.DestinationMaps;
import dev.sameport.linux.LinuxException;
import dev.sameport.linux.Nftables;
import dev.sameport.linux.NftablesException;
import dev.sameport.model.EndpointAddresses;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Our table in the kernel and what we know of it. Any thread may call; one transaction at a time.
final class Table implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Table.class.getName());
    private static final String LIST = "list table " + Ruleset.TABLE;

    private static final Duration FRESH = Duration.ofMillis(250);

    private final Nftables nftables;
    private final DestinationMaps destinations;
    private final NatOptions options;
    private final Expectation expectation = new Expectation();
    private final ReentrantLock lock = new ReentrantLock();
    // all below guarded by lock
    private final Map<InetSocketAddress, Long> earlier = new HashMap<>();
    private @Nullable NatState applied;
    private Map<InetSocketAddress, Long> read = Map.of();
    private long readAt = System.nanoTime() - FRESH.toNanos() - 1;
    private boolean untidy;
    private String trial = "";

    /// Closes both in the end.
    Table(Nftables nftables, DestinationMaps destinations, NatOptions options) {
        this.nftables = nftables;
        this.destinations = destinations;
        this.options = options;
    }

    /// What is there, ours or an earlier daemon's; empty where there is no table.
    TableListing listing() {
        return locked(() -> list(LIST));
    }

    /// Makes the table say `wanted`; tells whether it is the first that it says for us.
    ///
    /// @throws NftablesException when neither the difference nor the whole could be loaded; the
    ///   former rules stay
    boolean apply(NatState wanted) {
        return locked(() -> {
            NatState before = applied;
            if (before == null || untidy) {
                rewrite(wanted);
            } else if (!before.equals(wanted)) {
                change(before, wanted);
            }
            return before == null;
        });
    }

    private void change(NatState before, NatState wanted) {
        Optional<SlotChange> slots = SlotChange.between(before, wanted);
        if (slots.isPresent() && done(slots.get())) {
            applied = wanted;
        } else {
            changeByText(before, wanted);
        }
    }

    private boolean done(SlotChange slots) {
        try {
            // Taken before they are flushed, read when the change is in force.
            Supplier<Map<InetSocketAddress, Long>> counted = destinations.count(slots.names());
            if (replaced(slots.maps())) {
                addTo(earlier, counted.get());
                return true;
            }
            return false;
        } catch (LinuxException refusal) {
            LOG.log(Level.DEBUG, "nat elements=unread reason={0}", refusal.getMessage());
            return false;
        }
    }

    private void changeByText(NatState before, NatState wanted) {
        // Taken before they are flushed, read when the change is in force: reading takes longer.
        List<String> counted = new ArrayList<>();
        for (String map : Ruleset.flushed(before, wanted)) {
            listed("list map " + Ruleset.TABLE + " " + map).ifPresent(counted::add);
        }
        try {
            nftables.apply(Ruleset.diff(before, wanted));
        } catch (NftablesException refusal) {
            LOG.log(Level.WARNING, "nat rules=rewritten reason={0}", firstLine(refusal));
            rewrite(wanted);
            return;
        }
        counted.forEach(text -> addTo(earlier, TableListing.parse(text).connections()));
        applied = wanted;
        sweep(before, wanted);
    }

    private void sweep(NatState before, NatState wanted) {
        String leftovers = Ruleset.sweep(before, wanted);
        if (!leftovers.isEmpty()) {
            try {
                nftables.apply(leftovers);
            } catch (NftablesException refusal) {
                // They are empty and nothing leads to them: the next change takes them along.
                untidy = true;
                LOG.log(Level.DEBUG, "nat leftovers=kept reason={0}", firstLine(refusal));
            }
        }
    }

    private static String firstLine(NftablesException refusal) {
        return refusal.reason().lines().findFirst().orElse("");
    }

    private void rewrite(NatState wanted) {
        // What an earlier daemon's rules counted is not ours to tell.
        TableListing counted = applied == null ? TableListing.EMPTY : list(LIST);
        nftables.apply(Ruleset.full(wanted) + trial);
        addTo(earlier, counted.connections());
        applied = wanted;
        untidy = false;
    }

    /// Rewrites the whole if it is not what was applied; tells whether it was not.
    boolean repair() {
        return locked(() -> {
            NatState state = applied;
            if (state == null || expectation.of(state).equals(text())) {
                return false;
            }
            rewrite(state);
            return true;
        });
    }

    private String text() {
        try {
            return TableText.comparable(nftables.listText(LIST));
        } catch (NftablesException _) {
            return ""; // It vanished.
        }
    }

    /// Lets what is applied dispatch for its whole time again.
    void renew() {
        locked(() -> {
            if (applied != null) {
                nftables.apply(Ruleset.renewal(options));
            }
            return options;
        });
    }

    /// New connections of each endpoint since the first state was applied, save for those in the
    /// instant between a count and a change. To list a great table takes a while, so what was read
    /// is told again for as long as it is [#FRESH].
    Map<InetSocketAddress, Long> connections() {
        return locked(() -> {
            if (System.nanoTime() - readAt > FRESH.toNanos()) {
                Map<InetSocketAddress, Long> counts = new HashMap<>(earlier);
                if (applied != null) {
                    addTo(counts, list(LIST).connections());
                }
                read = Map.copyOf(counts);
                readAt = System.nanoTime();
            }
            return read;
        });
    }

    /// Leads the trial port to an endpoint; false where no table is ours yet.
    boolean beginTrial(EndpointAddresses addresses) {
        return locked(() -> {
            if (applied == null) {
                return false;
            }
            String commands = TrialRules.begin(addresses);
            if (!replaced(TrialRules.maps(addresses.all()))) {
                nftables.apply(commands);
            }
            trial = commands; // A rewrite takes it along.
            return true;
        });
    }

    void endTrial() {
        locked(() -> {
            trial = "";
            if (applied != null && !replaced(TrialRules.maps(List.of()))) {
                nftables.apply(TrialRules.end());
            }
            return options;
        });
    }

    private boolean replaced(List<DestinationMap> maps) {
        try {
            destinations.replace(maps);
            return true;
        } catch (LinuxException refusal) {
            LOG.log(Level.DEBUG, "nat elements=refused reason={0}", refusal.getMessage());
            return false;
        }
    }

    /// Removes it.
    void erase() {
        locked(() -> {
            nftables.apply(Ruleset.erasure());
            applied = null;
            untidy = false;
            return options;
        });
    }

    private TableListing list(String command) {
        return listed(command).map(TableListing::parse).orElse(TableListing.EMPTY);
    }

    /// As JSON; empty where it isn't there.
    private Optional<String> listed(String command) {
        try {
            return Optional.of(nftables.list(command));
        } catch (NftablesException _) {
            return Optional.empty();
        }
    }

    private static void addTo(
            Map<InetSocketAddress, Long> counts, Map<InetSocketAddress, Long> counted) {
        counted.forEach((endpoint, count) -> counts.merge(endpoint, count, Long::sum));
    }

    private <T> T locked(Supplier<T> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        expectation.close();
        destinations.close();
        nftables.close();
    }
}
