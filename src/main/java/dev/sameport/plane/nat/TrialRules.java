package dev.sameport.plane.nat;

import dev.sameport.linux.DestinationMap;
import dev.sameport.model.Addresses;
import dev.sameport.model.EndpointAddresses;
import dev.sameport.model.Family;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;

/// The rules by which a connection from our trial namespace reaches one endpoint: the same rewrite
/// and mark as for everyone, without anyone else being sent there.
final class TrialRules {
    /// The port to which the trial namespace connects: discard, where no one listens.
    static final int PORT = 9;

    /// Empty unless a trial runs.
    static final String MAPS =
            """
            \tmap trial_ipv4 {
            \t\ttype inet_service : ipv4_addr . inet_service
            \t}
            \tmap trial_ipv6 {
            \t\ttype inet_service : ipv6_addr . inet_service
            \t}
            """;

    private TrialRules() {}

    static String chain(NatOptions options) {
        return """
        \tchain trial {
        \t\t%s
        \t\t%s
        \t\t%s
        \t}
        """
                .formatted(
                        Ruleset.setMark("ct mark", options),
                        PortText.dnat(Family.IPV4, "tcp dport", "trial_ipv4"),
                        PortText.dnat(Family.IPV6, "tcp dport", "trial_ipv6"));
    }

    /// Leads the trial port to an endpoint's addresses.
    static String begin(EndpointAddresses addresses) {
        StringBuilder text = new StringBuilder();
        for (InetSocketAddress address : addresses.all()) {
            text.append(
                    "add element %s trial_%s { %d : %s . %d }\n"
                            .formatted(
                                    Ruleset.TABLE,
                                    PortName.text(Family.of(address.getAddress())),
                                    PORT,
                                    Addresses.plain(address.getAddress()),
                                    address.getPort()));
        }
        return text.toString();
    }

    /// What the maps contain while the trial port leads to these addresses, none of which or one of
    /// each family.
    static List<DestinationMap> maps(List<InetSocketAddress> addresses) {
        return Arrays.stream(Family.values())
                .map(family ->
                        new DestinationMap(
                                "trial_" + PortName.text(family),
                                addresses.stream()
                                        .filter(to -> Family.of(to.getAddress()) == family)
                                        .map(to -> new DestinationMap.Port(PORT, to))
                                        .toList()))
                .toList();
    }

    /// Leads it nowhere.
    static String end() {
        return "flush map %1$s trial_ipv4\nflush map %1$s trial_ipv6\n".formatted(Ruleset.TABLE);
    }
}
