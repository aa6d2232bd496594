package dev.sameport.plane.nat;

import dev.sameport.linux.LinuxException;
import dev.sameport.linux.NetworkNamespace;
import dev.sameport.linux.Nftables;
import dev.sameport.linux.NftablesException;
import dev.sameport.linux.NftablesUnavailableException;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/// How this machine's nft writes the table of a state: the state is loaded in an empty namespace
/// and listed there, so that it can be told from a table that someone changed.
///
/// Confined to its caller's lock.
final class Expectation implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Expectation.class.getName());

    private @Nullable NetworkNamespace namespace;
    private @Nullable Nftables nftables;
    private @Nullable NatState listed;
    private String text = "";

    /// The comparable text of the table of `state`; one that equals no table where it can't be
    /// known.
    String of(NatState state) {
        if (!state.equals(listed)) {
            try {
                Nftables there = nftables();
                there.apply(Ruleset.full(state));
                text = TableText.comparable(there.listText("list table " + Ruleset.TABLE));
                listed = state;
            } catch (LinuxException | NftablesException | NftablesUnavailableException refusal) {
                LOG.log(Level.DEBUG, "nat comparison=impossible reason={0}", refusal.getMessage());
                return "unknown";
            }
        }
        return text;
    }

    private Nftables nftables() {
        Nftables present = nftables;
        if (present == null) {
            NetworkNamespace empty = NetworkNamespace.createAnonymous();
            namespace = empty;
            present = Nftables.open(empty);
            nftables = present;
        }
        return present;
    }

    @Override
    public void close() {
        if (nftables != null) {
            nftables.close();
        }
        if (namespace != null) {
            namespace.close();
        }
    }
}
