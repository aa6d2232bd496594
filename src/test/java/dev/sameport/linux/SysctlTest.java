package dev.sameport.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SysctlTest {
    private static final String FORWARDING = "net.ipv4.ip_forward";

    @Test
    void a_setting_of_a_namespace_is_written_there_and_nowhere_else() {
        Optional<String> outside = Sysctl.read(FORWARDING);
        try (NetworkNamespace namespace = NetworkNamespace.createAnonymous()) {
            String value = outside.equals(Optional.of("1")) ? "0" : "1";
            Optional<String> inside =
                    namespace.call(() -> {
                        Sysctl.write(FORWARDING, value);
                        return Sysctl.read(FORWARDING);
                    });

            assertEquals(Optional.of(value), inside);
            assertEquals(outside, Sysctl.read(FORWARDING));
        }
    }

    @Test
    void the_dot_in_a_vlan_interface_is_written_as_a_slash() {
        try (NetworkNamespace namespace = NetworkNamespace.createAnonymous()) {
            Optional<String> value =
                    namespace.call(() -> {
                        var _ = TestNetwork.run("ip", "link", "add", "d0.7", "type", "bridge");
                        Sysctl.write("net.ipv4.conf.d0/7.forwarding", "1");
                        return Sysctl.read("net.ipv4.conf.d0/7.forwarding");
                    });

            assertEquals(Optional.of("1"), value);
        }
    }

    @Test
    void an_unknown_setting_is_empty_to_read_and_a_refused_value_says_why() {
        assertEquals(Optional.empty(), Sysctl.read("net.ipv4.that_is_nowhere"));
        try (NetworkNamespace namespace = NetworkNamespace.createAnonymous()) {
            LinuxException unknown =
                    assertThrows(
                            LinuxException.class,
                            () -> Sysctl.write("net.ipv4.that_is_nowhere", "1"));
            LinuxException refused =
                    assertThrows(
                            LinuxException.class,
                            () ->
                                    namespace.call(() -> {
                                        Sysctl.write(FORWARDING, "many");
                                        return "";
                                    }));

            assertEquals("ENOENT", unknown.errorName());
            assertEquals(
                    "set sysctl net.ipv4.ip_forward=many: Invalid argument (EINVAL)",
                    refused.getMessage());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", ".", "net..x", "net.//.x", "net./.x", "a b", "net.ipv4.x\n", "../x"})
    void a_name_that_leaves_the_folder_or_is_none_is_refused(String name) {
        assertThrows(IllegalArgumentException.class, () -> Sysctl.read(name));
    }
}
