package dev.sameport.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sameport.config.BadValue;
import dev.sameport.model.Declaration.Member;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MemberGrammarTest {
    @ParameterizedTest
    @ValueSource(strings = {"app_1", "shop-app.2", "0123456789ab", "a", "1", "10.0.0"})
    void a_containers_name_or_id(String text) {
        assertEquals(new Member.Named(text), MemberGrammar.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.5:8080", "127.0.0.1:1", "[fd00:0:0:0:0:0:0:5]:65535"})
    void an_address_with_a_port_reads_back_as_written(String text) {
        assertEquals(text, MemberGrammar.text(MemberGrammar.parse(text)));
    }

    @Test
    void a_short_ipv6_address() {
        assertEquals(
                new Member.At(new InetSocketAddress(InetAddress.ofLiteral("fd00::5"), 80)),
                MemberGrammar.parse("[fd00::5]:80"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "-a",
                "a b",
                "app_1:80",
                "example.org:80",
                "10.0.0.5",
                "10.0.0.5:",
                "10.0.0.5:0",
                "10.0.0.5:65536",
                "10.0.0.5:-1",
                "10.0.0.5:99999999999",
                "10.0.0.256:80",
                "010.0.0.5:80",
                "1:80",
                "0.0.0.0:80",
                "[::]:80",
                "224.0.0.1:80",
                "fd00::5",
                "fd00::5:80",
                "[fd00::5]",
                "[fd00::5]80",
                "[fe80::1%eth0]:80",
                "[10.0.0.5]:80",
                "[]:80",
                "[:80",
                ":80",
                "[[fd00::5]]:80",
                "\u001b[2J"
            })
    void anything_else_is_refused_with_what_to_write(String text) {
        assertThrows(BadValue.class, () -> MemberGrammar.parse(text));
    }
}
