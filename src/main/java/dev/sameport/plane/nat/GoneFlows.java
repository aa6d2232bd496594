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
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Deletes the flows to endpoints that are gone, so that their clients get a reset instead of a
/// hang, and so that they never reach who gets the address next. Draining endpoints keep theirs.
///
/// Confined to the thread that applies.
final class GoneFlows implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(GoneFlows.class.getName());
    private static final int TCP = 6;

    private final NetworkNamespace host;
    private final NatOptions options;
    private final EndedFlows ended;
    private @Nullable Conntrack conntrack;
    // every endpoint that flows may lead to: dispatched to since it last was not known
    private Set<InetSocketAddress> known = new HashSet<>();
    // those that the rules dispatch to
    private Set<InetSocketAddress> served = Set.of();
    private boolean adopted;

    GoneFlows(NetworkNamespace host, NatOptions options) {
        this.host = host;
        this.options = options;
        this.ended = new EndedFlows(host);
    }

    /// An earlier daemon's rules were found: its flows may lead anywhere.
    void adopt() {
        adopted = true;
    }

    /// Call after a state was applied.
    void follow(Desired desired, NatState applied) {
        Set<InetSocketAddress> living = living(desired);
        Set<InetSocketAddress> left = new HashSet<>(served);
        served = served(applied);
        left.removeAll(served);
        try {
            if (adopted) {
                known.addAll(marked());
                adopted = false;
            }
            Set<InetSocketAddress> gone = new HashSet<>(known);
            gone.removeAll(living);
            if (!gone.isEmpty()) {
                int deleted = conntrack().deleteRepliesFrom(gone, TCP);
                known.removeAll(gone);
                left.addAll(gone);
                LOG.log(
                        Level.DEBUG,
                        "nat gone={0} flows-deleted={1}",
                        gone.stream().map(Addresses::text).sorted().toList(),
                        deleted);
            }
            if (!left.isEmpty()) {
                ended.forget(left);
            }
        } catch (LinuxException refusal) {
            LOG.log(Level.WARNING, "nat flows=kept reason={0}", refusal.getMessage());
        }
        known.addAll(served);
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

    @Override
    public void close() {
        if (conntrack != null) {
            conntrack.close();
        }
    }
}
