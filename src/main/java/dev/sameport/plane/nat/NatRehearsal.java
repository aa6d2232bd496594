package dev.sameport.plane.nat;

import dev.sameport.linux.DestinationMaps;
import dev.sameport.linux.NetworkNamespace;
import dev.sameport.linux.Nftables;
import dev.sameport.model.Desired;
import dev.sameport.model.EndpointAddresses;
import java.util.Map;

/// The nat plane's way from a desired state to the kernel, in an empty network namespace of its
/// own: what is played there often is compiled when it counts.
public final class NatRehearsal implements AutoCloseable {
    private final NetworkNamespace namespace;
    private final Table table;
    private final NatOptions options;
    private NatState before;

    private NatRehearsal(NetworkNamespace namespace, Table table, NatOptions options) {
        this.namespace = namespace;
        this.table = table;
        this.options = options;
        this.before = NatState.empty(options);
    }

    /// Makes the namespace.
    ///
    /// @throws dev.sameport.linux.LinuxException when it can't be made: it takes CAP_SYS_ADMIN
    /// @throws dev.sameport.linux.NftablesUnavailableException when there is no nft
    public static NatRehearsal open(NatOptions options) {
        NetworkNamespace namespace = NetworkNamespace.createAnonymous();
        try {
            Table table =
                    new Table(
                            Nftables.open(namespace),
                            namespace.call(() -> DestinationMaps.open(Ruleset.TABLE_NAME)),
                            options);
            return new NatRehearsal(namespace, table, options);
        } catch (RuntimeException failure) {
            namespace.close();
            throw failure;
        }
    }

    /// Applies it, if only slots change; what would take libnftables is only written.
    ///
    /// @throws dev.sameport.linux.NftablesException when nft refuses
    public void apply(Desired desired) {
        NatState wanted = NatState.of(desired, options, Map.of());
        boolean begins = before.ports().isEmpty();
        if (begins || SlotChange.between(before, wanted).isPresent()) {
            boolean _ = table.apply(wanted);
            before = wanted;
        }
        if (Ruleset.diff(NatState.empty(options), wanted).isEmpty() && !wanted.ports().isEmpty()) {
            throw new AssertionError("no text for " + wanted);
        }
    }

    /// Begins and ends a trial, save for the connection.
    public void tryOut(EndpointAddresses addresses) {
        boolean _ = table.beginTrial(addresses);
        table.endTrial();
    }

    @Override
    public void close() {
        table.close();
        namespace.close();
    }
}
