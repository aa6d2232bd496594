package dev.sameport.plane.nat;

import dev.sameport.linux.Conntrack;
import dev.sameport.linux.Flow;
import dev.sameport.linux.LinuxException;
import dev.sameport.linux.NetworkNamespace;
import dev.sameport.model.Addresses;
import dev.sameport.model.Desired;
import dev.sameport.model.Endpoint;
import dev.sameport.model.Phase;
import dev.sameport.model.Service;
import dev.sameport.model.ServicePort;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/// Deletes the flows to endpoints that are gone, so that their clients get a reset instead of a
/// hang, and so that they never reach who gets the address next. Draining endpoints keep theirs.
///
/// The kernel is asked on a thread of our own, in order: to walk its table takes up to 40 ms, and
/// the next death must not wait for that. Confined to the thread that applies, else.
final class GoneFlows implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(GoneFlows.class.getName());
    private static final int TCP = 6;

    private final NetworkNamespace host;
    private final NatOptions options;
    private final EndedFlows ended;
    private final ExecutorService later =
            Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().daemon().name("gone-flows").factory());
    // confined to the thread of `later`: whose flows are to be deleted
    private final Set<InetSocketAddress> waiting = new HashSet<>();
    private @Nullable Conntrack conntrack;

    // those that may still be waiting, and what tells when they are not
    private final Set<InetSocketAddress> leaving = new HashSet<>();
    private CompletableFuture<?> underWay = CompletableFuture.completedFuture(null);
    // every endpoint that flows may lead to: dispatched to since it last was not known
    private Set<InetSocketAddress> known = new HashSet<>();
    // those that the rules dispatch to
    private Set<InetSocketAddress> served = Set.of();
    private boolean adopted;

    GoneFlows(NetworkNamespace host, NatOptions options) {
        this.host = host;
        this.options = options;
        this.ended = new EndedFlows(host);
        later.execute(() -> {}); // Starts the thread: to wait for that would take the loop's time.
    }

    /// An earlier daemon's rules were found: its flows may lead anywhere.
    void adopt() {
        adopted = true;
    }

    /// Call before a state is applied: an address that leaves and comes back as another's must not
    /// lose the new flows with the old ones.
    void settle(NatState wanted) {
        if (!Collections.disjoint(leaving, served(wanted))) {
            awaitDeletion();
        }
    }

    /// Waits until the flows to those that left are deleted.
    void awaitDeletion() {
        underWay.join();
    }

    /// Call after a state was applied.
    void follow(Desired desired, NatState applied) {
        Set<InetSocketAddress> living = living(desired);
        Set<InetSocketAddress> left = new HashSet<>(served);
        served = served(applied);
        left.removeAll(served);
        if (adopted) {
            adopted = false;
            adoptMarked();
        }
        Set<InetSocketAddress> gone = new HashSet<>(known);
        gone.removeAll(living);
        known.removeAll(gone);
        known.addAll(served);
        left.addAll(gone);
        if (underWay.isDone()) {
            leaving.clear();
        }
        if (!left.isEmpty()) {
            leaving.addAll(gone);
            underWay = CompletableFuture.runAsync(() -> forget(gone, left, living), later);
        }
    }

    private void adoptMarked() {
        try {
            known.addAll(CompletableFuture.supplyAsync(this::marked, later).join());
        } catch (CompletionException refusal) {
            LOG.log(Level.WARNING, "nat flows=kept reason={0}", refusal.getMessage());
        }
    }

    private void forget(
            Set<InetSocketAddress> gone,
            Set<InetSocketAddress> left,
            Set<InetSocketAddress> living) {
        waiting.addAll(gone);
        waiting.removeAll(living);
        try {
            if (!waiting.isEmpty()) {
                int deleted = conntrack().deleteRepliesFrom(waiting, TCP);
                LOG.log(
                        Level.DEBUG,
                        "nat gone={0} flows-deleted={1}",
                        waiting.stream().map(Addresses::text).sorted().toList(),
                        deleted);
                waiting.clear();
            }
            ended.forget(left);
        } catch (LinuxException refusal) {
            // They are tried again with the next that leave.
            LOG.log(Level.WARNING, "nat flows=kept reason={0}", refusal.getMessage());
        }
    }

    private static Set<InetSocketAddress> served(NatState applied) {
        Set<InetSocketAddress> served = new HashSet<>();
        applied.ports().values().forEach(rules -> served.addAll(rules.endpoints()));
        return served;
    }

    private static Set<InetSocketAddress> living(Desired desired) {
        Set<InetSocketAddress> living = new HashSet<>();
        for (Service service : desired.services()) {
            for (ServicePort port : service.ports()) {
                for (Endpoint endpoint : port.endpoints()) {
                    if (endpoint.phase() != Phase.GONE) {
                        living.addAll(endpoint.spec().addresses().all());
                    }
                }
            }
        }
        return living;
    }

    private Set<InetSocketAddress> marked() {
        Set<InetSocketAddress> endpoints = new HashSet<>();
        for (Flow flow : conntrack().flows(options.mark(), options.mask())) {
            if (flow.protocol() == TCP) {
                endpoints.add(flow.reply().source());
            }
        }
        return endpoints;
    }

    private Conntrack conntrack() {
        Conntrack present = conntrack;
        if (present == null) {
            present = host.call(() -> Conntrack.open());
            conntrack = present;
        }
        return present;
    }

    /// Deletes what is still to be deleted first.
    @Override
    public void close() {
        later.close();
        if (conntrack != null) {
            conntrack.close();
        }
    }
}
