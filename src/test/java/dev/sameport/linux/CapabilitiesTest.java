package dev.sameport.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

final class CapabilitiesTest {
    @Test
    void the_effective_set_is_read_not_the_permitted_one() {
        Capabilities capabilities =
                Capabilities.parse(
                        "Name:\tx\nCapPrm:\t000001ffffffffff\nCapEff:\t0000000000001000\n");

        assertTrue(capabilities.has(Capability.CAP_NET_ADMIN));
        assertFalse(capabilities.has(Capability.CAP_SYS_ADMIN));
        assertEquals(
                List.of(Capability.CAP_SYS_ADMIN),
                capabilities.missing(Capability.CAP_NET_ADMIN, Capability.CAP_SYS_ADMIN));
    }

    @Test
    void this_process_makes_namespaces_so_it_has_the_capability() {
        assertTrue(Capabilities.ofThisProcess().has(Capability.CAP_SYS_ADMIN));
    }

    @Test
    void a_status_without_the_field_is_refused() {
        assertThrows(IllegalArgumentException.class, () -> Capabilities.parse("Name:\tx\n"));
    }
}
