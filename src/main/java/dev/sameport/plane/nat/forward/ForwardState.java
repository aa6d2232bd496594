package dev.sameport.plane.nat.forward;

import dev.sameport.model.Problem;
import java.util.List;

/// What stands between the host and its containers, as it was seen.
///
/// @param filters the filter tables of iptables that are there
/// @param copyMarkToPackets whether an engine's firewall accepts by packet mark, and ours is one
///   that it accepts
/// @param problems what can't be moved from here
public record ForwardState(
        List<Filter> filters, boolean copyMarkToPackets, List<Problem> problems) {
    /// A filter table.
    ///
    /// @param program the iptables program that it is seen through, such as `iptables-nft`
    record Filter(String program, FilterTable table) {}

    public ForwardState {
        filters = List.copyOf(filters);
        problems = List.copyOf(problems);
    }

    /// The chains in which the accept rule belongs, such as `DOCKER-USER of iptables-nft`.
    public List<String> places() {
        return filters.stream()
                .filter(filter -> !filter.table().chainForAccept().isEmpty())
                .map(filter -> filter.table().chainForAccept() + " of " + filter.program())
                .toList();
    }
}
