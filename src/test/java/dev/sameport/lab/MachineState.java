package dev.sameport.lab;

/// Everything that `clean` has to leave as it was, as text: rules, both iptables variants, sysctls,
/// links, namespaces.
final class MachineState {
    private MachineState() {}

    static String of(Lab lab) {
        return lab.onHost(
                "sh",
                "-c",
                """
                nft -s list ruleset
                for save in iptables-nft-save ip6tables-nft-save; do $save 2>/dev/null | grep -v '^#' | sed 's/\\[[0-9]*:[0-9]*\\]//'; done
                cat /proc/self/net/ip_tables_names /proc/self/net/ip6_tables_names 2>/dev/null
                sysctl -a 2>/dev/null | grep -E '^net\\.(ipv4|ipv6)\\.(ip_forward|conf\\.(all|default|docker0|client0|lo)\\.|tcp_migrate)' | grep -vE 'stable_secret'
                ip -o link | sed 's/ qlen.*//; s/state [A-Z]*//; s/<[^>]*>//; s/mtu.*//' | grep -v veth | sed 's/^[0-9]*: //'
                ls /run/netns 2>/dev/null | grep sameport
                true
                """);
    }
}
