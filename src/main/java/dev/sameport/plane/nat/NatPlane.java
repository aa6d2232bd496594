package dev.sameport.plane.nat;

import dev.sameport.linux.DestinationMaps;
import dev.sameport.linux.NetworkNamespace;
import dev.sameport.linux.Nftables;
import dev.sameport.model.Desired;
import dev.sameport.model.EndpointId;
import dev.sameport.model.EndpointSpec;
import dev.sameport.model.PublishedPort;
import dev.sameport.model.Service;
import dev.sameport.model.ServicePort;
import dev.sameport.plane.PortOutcome;
import dev.sameport.plane.Support;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The nat plane: makes table `inet sameport` say what is desired, one transaction a change, and
/// tells whether rewritten connections arrive.
///
/// [#adopt] and [#apply] belong to one thread; any thread may call the rest.
public final class NatPlane implements AutoCloseable {
    private final NetworkNamespace host;
    private final Nftables nftables;
    private final NatOptions options;
    private final Table table;
    private final Trials trials;
    private final GoneFlows flows;

    /// Works in the calling thread's network namespace, to which `nftables` must belong; closes
    /// `nftables` in the end.
    public NatPlane(Nftables nftables, NatOptions options) {
        this.host = NetworkNamespace.own();
        this.nftables = nftables;
        this.options = options;
        this.table = new Table(nftables, DestinationMaps.open(Ruleset.TABLE_NAME), options);
        this.trials = new Trials(host, table);
        this.flows = new GoneFlows(host, options);
    }

    /// What carries it.
    public Support support() {
        return new Support("nat", nftables.description(), null);
    }

    /// What an earlier daemon left that still dispatches; empty where there is nothing.
    public Set<InForce> inForce() {
        TableListing listing = table.listing();
        return listing.alive()
                ? listing.ports().entrySet().stream()
                        .map(port -> new InForce(port.getKey(), port.getValue()))
                        .collect(Collectors.toUnmodifiableSet())
                : Set.of();
    }

    /// The endpoints that an earlier daemon left in force. The first [#apply] will delete all flows
    /// of its rules to endpoints that are no longer desired.
    public Set<InetSocketAddress> adopt() {
        flows.adopt();
        Set<InetSocketAddress> endpoints = new HashSet<>();
        inForce().forEach(port -> endpoints.addAll(port.endpoints()));
        return endpoints;
    }

    /// Makes the rules say `desired`, whose ports are all bound by a listener of ours, and says for
    /// each whether the kernel carries it. Does nothing where nothing changes.
    ///
    /// Flows to endpoints that left `desired`, or are gone, are deleted in the background, in
    /// order.
    ///
    /// @throws dev.sameport.linux.NftablesException when nft refuses the change, and then the whole
    ///   as well: the former rules stay
    public Map<PublishedPort, PortOutcome> apply(Desired desired) {
        Map<EndpointId, TrialResult> results = trials.results();
        NatState wanted = NatState.of(desired, options, results);
        flows.settle(wanted);
        boolean first = table.apply(wanted);
        if (first) {
            Thread.ofVirtual().name("trial-preparation").start(trials::prepare);
        }
        flows.follow(desired, wanted);
        Map<PublishedPort, PortOutcome> outcomes = new TreeMap<>();
        for (Service service : desired.services()) {
            for (ServicePort port : service.ports()) {
                outcomes.put(port.published(), Offload.judge(service, port, results));
            }
        }
        return outcomes;
    }

    /// Waits until the flows are deleted to which the last [#apply] leads no more.
    void awaitFlows() {
        flows.awaitDeletion();
    }

    /// Lets the rules outlive us by [NatOptions#keepRulesFor] from now on.
    ///
    /// @throws dev.sameport.linux.NftablesException when nft refuses, as it does where someone
    ///   deleted the table: repair it
    public void renew() {
        table.renew();
    }

    /// Writes the rules anew if someone changed or deleted them; tells whether someone had.
    ///
    /// @throws dev.sameport.linux.NftablesException when nft refuses
    public boolean repair() {
        return table.repair();
    }

    /// New connections that each endpoint got through the kernel since the first [#apply], as of at
    /// most a quarter of a second ago; those in the instant of a change may be missing.
    public Map<InetSocketAddress, Long> connections() {
        return table.connections();
    }

    /// Tries whether a connection reaches an endpoint as an external client's would, through
    /// forwarding, firewalls and rewriting: from a namespace of ours, one trial at a time. Blocks.
    ///
    /// A family that doesn't work is left to the listener from the next [#apply] on.
    ///
    /// @param timeout for each family that the endpoint has an address of
    public TrialResult trial(EndpointSpec endpoint, Duration timeout) {
        return trials.run(endpoint, timeout);
    }

    /// As [#trial]; returns null if a family works, else why none does.
    public @Nullable String tryEndpoint(EndpointSpec endpoint, Duration timeout) {
        TrialResult result = trial(endpoint, timeout);
        return result.works() ? null : result.reason();
    }

    /// Forgets what the trial of an endpoint told.
    public void forget(EndpointId endpoint) {
        trials.forget(endpoint);
    }

    /// Removes the table, whoever made it.
    ///
    /// @throws dev.sameport.linux.NftablesException when nft refuses
    public void erase() {
        table.erase();
    }

    /// Ends what needs this process; the rules stay.
    @Override
    public void close() {
        trials.close();
        flows.close();
        table.close();
        host.close();
    }
}
