package dev.sameport.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class IptablesTest {
    @ParameterizedTest
    @ValueSource(strings = {"iptables-nft", "ip6tables-nft", "iptables-legacy", "ip6tables-legacy"})
    void each_variant_sees_its_own_table_and_changes_all_or_nothing(String name) {
        try (NetworkNamespace namespace = NetworkNamespace.createAnonymous();
                Nftables nft = Nftables.open(namespace)) {
            namespace.call(() -> {
                Iptables program = Iptables.named(name);
                assertFalse(program.hasTable("filter", () -> nft));
                assertFalse(program.hasTable("filter", () -> nft), "looking made a table");

                program.change("filter", "-A FORWARD -j ACCEPT\n-I FORWARD 1 -j DROP\n");

                assertTrue(program.hasTable("filter", () -> nft));
                assertFalse(program.hasTable("mangle", () -> nft));
                List<String> rules = program.rules("filter");
                assertEquals("-A FORWARD -j DROP", rules.get(rules.size() - 2));
                assertThrows(
                        CommandException.class,
                        () ->
                                program.change(
                                        "filter", "-D FORWARD -j DROP\n-D FORWARD -j RETURN\n"));
                assertEquals(rules, program.rules("filter"));
                return name;
            });
        }
    }

    @Test
    void this_machine_has_all_four_and_no_fifth() {
        assertEquals(4, Iptables.installed().size());
        assertThrows(IllegalArgumentException.class, () -> Iptables.named("arptables-nft"));
    }
}
