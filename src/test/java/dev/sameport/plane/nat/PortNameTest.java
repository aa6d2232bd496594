package dev.sameport.plane.nat;

import static dev.sameport.plane.nat.Examples.at;
import static dev.sameport.plane.nat.Examples.tcp;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sameport.model.Family;
import dev.sameport.model.HostAddress;
import dev.sameport.model.Protocol;
import dev.sameport.model.PublishedPort;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class PortNameTest {
    @Test
    void every_published_port_is_read_back_from_its_maps_names() {
        for (HostAddress address :
                List.of(
                        Examples.ANY,
                        Examples.IPV4,
                        Examples.IPV6,
                        at("198.18.9.1"),
                        at("fd00::1"),
                        at("::1"))) {
            for (Protocol protocol : Protocol.values()) {
                PublishedPort published = new PublishedPort(address, 65_535, protocol);
                for (Family family : Family.values()) {
                    assertEquals(
                            Optional.of(published),
                            PortName.ofMap(PortName.map(published, family)));
                }
            }
        }
        assertEquals("tcp_80_at_fd00-0-0-0-0-0-0-1", PortName.chain(tcp(at("fd00::1"), 80)));
    }

    @Test
    void names_of_others_are_nothing_of_ours() {
        for (String name :
                List.of(
                        "",
                        "any_ipv4",
                        "tcp_0_any_to_ipv4",
                        "tcp_65536_any_to_ipv4",
                        "tcp_80_to_ipv4",
                        "tcp_80_any",
                        "sctp_80_any_to_ipv4",
                        "tcp_80_at_0.0.0.0_to_ipv4",
                        "tcp_80_at_1.2.3_to_ipv4",
                        "tcp_80_at_fd00--_to_ipv6",
                        "tcp_80_any_to_ipv4x")) {
            assertEquals(Optional.empty(), PortName.ofMap(name), name);
        }
    }
}
