package dev.sameport.plane.nat;

import dev.sameport.linux.DestinationMap;
import dev.sameport.plane.nat.NatState.PortRules;
import dev.sameport.plane.nat.NatState.Share;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The slot maps whose elements make up all of the difference between two states: what happens when
/// an endpoint dies or joins others, and then has to be fast.
///
/// @param maps what they are to contain
record SlotChange(List<DestinationMap> maps) {
    /// More is left to [Ruleset]: the kernel takes about so many in one message.
    private static final int MOST_ELEMENTS = 1_000;

    /// Empty where chains, lookups or the number of maps change as well, or very much.
    static Optional<SlotChange> between(NatState applied, NatState wanted) {
        if (!applied.options().equals(wanted.options())
                || !applied.refused().equals(wanted.refused())
                || !applied.ports().keySet().equals(wanted.ports().keySet())) {
            return Optional.empty();
        }
        List<DestinationMap> maps = new ArrayList<>();
        int elements = 0;
        for (var port : wanted.ports().entrySet()) {
            PortRules before = applied.ports().get(port.getKey());
            PortRules after = port.getValue();
            if (before == null || !sameBesidesSlots(before, after)) {
                return Optional.empty();
            }
            for (var shares : after.shares().entrySet()) {
                if (!shares.getValue().equals(before.shares().get(shares.getKey()))) {
                    String map = PortName.map(port.getKey(), shares.getKey());
                    maps.add(new DestinationMap(map, ranges(shares.getValue())));
                    elements += shares.getValue().size();
                }
            }
        }
        return elements <= MOST_ELEMENTS ? Optional.of(new SlotChange(maps)) : Optional.empty();
    }

    private static boolean sameBesidesSlots(PortRules before, PortRules after) {
        return before.service().equals(after.service())
                && before.bridges().equals(after.bridges())
                && before.shares().keySet().equals(after.shares().keySet());
    }

    private static List<DestinationMap.Range> ranges(List<Share> shares) {
        List<DestinationMap.Range> ranges = new ArrayList<>();
        int first = 0;
        for (Share share : shares) {
            int next = first + share.slots();
            ranges.add(new DestinationMap.Range(first, next - 1, share.endpoint()));
            first = next;
        }
        return ranges;
    }

    List<String> names() {
        return maps.stream().map(DestinationMap::name).toList();
    }
}
