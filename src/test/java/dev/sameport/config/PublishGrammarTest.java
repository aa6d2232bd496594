package dev.sameport.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PublishGrammarTest {
    private static String read(String text) {
        return PublishGrammar.parse(text).stream()
                .map(mapping -> mapping.published() + ">" + mapping.containerPort())
                .collect(Collectors.joining(" "));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "80                       | 80/tcp>80",
                "80:8080                  | 80/tcp>8080",
                "80:8080/tcp              | 80/tcp>8080",
                "53:5353/UDP              | 53/udp>5353",
                "127.0.0.1:80:8080        | 127.0.0.1:80/tcp>8080",
                "127.0.0.1:80             | 127.0.0.1:80/tcp>80",
                "0.0.0.0:80:8080          | 0.0.0.0:80/tcp>8080",
                "[::]:80:8080             | [::]:80/tcp>8080",
                "[::1]:80:8080/udp        | [0:0:0:0:0:0:0:1]:80/udp>8080",
                "[fd00::2]:80             | [fd00:0:0:0:0:0:0:2]:80/tcp>80",
                "8000-8002:9000-9002      | 8000/tcp>9000 8001/tcp>9001 8002/tcp>9002",
                "8000-8001                | 8000/tcp>8000 8001/tcp>8001",
                "127.0.0.1:80-81:90-91    | 127.0.0.1:80/tcp>90 127.0.0.1:81/tcp>91",
                "80:8080 ,  81:8081,82    | 80/tcp>8080 81/tcp>8081 82/tcp>82",
                "80:80,80:80/udp          | 80/tcp>80 80/udp>80",
                "127.0.0.1:80:1,[::1]:80:2| 127.0.0.1:80/tcp>1 [0:0:0:0:0:0:0:1]:80/tcp>2",
                "0.0.0.0:80:1,[::]:80:2   | 0.0.0.0:80/tcp>1 [::]:80/tcp>2",
            })
    void each_form_means_these_mappings(String text, String mappings) {
        assertEquals(mappings, read(text));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "\"\"                   | '' at character 1: there is nothing to publish",
                "80,,81                 | '' at character 4: there is nothing to publish",
                "80:80, 81:x            | '81:x' at character 8: container port 'x' is not a number",
                "0:80                   | '0:80' at character 1: host port 0 is outside 1–65535",
                "80:65536               | '80:65536' at character 1: container port 65536 is outside",
                "80:99999999999         | container port '99999999999' is not a number",
                "-80                    | the host port is missing",
                "80:                    | the container port is missing",
                "127.0.0.1::80          | the host port is missing",
                "80:80/sctp             | protocol 'sctp' is neither tcp nor udp",
                "80:80/                 | protocol '' is neither tcp nor udp",
                "localhost:80:80        | address 'localhost' is not an IP address",
                "1.2.3:80:80            | address '1.2.3' is not an IP address",
                "1.2.3.256:80:80        | address '1.2.3.256' is not an IP address",
                "127.0.0.01:80:80       | address '127.0.0.01' is not an IP address",
                "224.0.0.1:80:80        | address 224.0.0.1 is a multicast",
                "::1:80:80              | there are too many colons",
                "[::1:80:80             | '[' is not closed",
                "[1.2.3.4]:80:80        | '1.2.3.4' in brackets is not an IPv6 address",
                "[::ffff:1.2.3.4]:80:80 | is an IPv4 address in disguise",
                "[fe80::1]:80:80        | is link-local",
                "[fe80::1%eth0]:80:80   | in brackets is not an IPv6 address",
                "[::1]:80:80:80         | there are too many colons",
                "8000-8010:9000-9009    | the ranges differ in length: 11 host ports and 10",
                "8000-8010:80           | the ranges differ in length: 11 host ports and 1",
                "8010-8000              | host port range 8010-8000 runs backwards",
                "1-65535                | publishes more than 1,000 ports",
                "1-600,601-1200         | '601-1200' at character 7: publishes more than 1,000 ports",
                "80:80,80:81            | '80:81' at character 7: 80/tcp is already in 80/tcp",
                "80:80,127.0.0.1:80:80  | 127.0.0.1:80/tcp is already in 80/tcp",
                "80-82,81               | 81/tcp is already in 81/tcp",
                "٨٠:80                  | is not an IP address",
                "+80:80                 | address '+80' is not an IP address",
            })
    void each_mistake_is_named_with_its_place(String text, String message) {
        BadValue bad = assertThrows(BadValue.class, () -> PublishGrammar.parse(text));
        assertTrue(bad.getMessage().contains(message), bad.getMessage());
    }

    @Test
    void a_thousand_ports_are_allowed() {
        assertEquals(1000, PublishGrammar.parse("1-1000").size());
    }

    @Test
    void what_a_published_port_writes_is_read_back() {
        for (String text :
                List.of("80", "[::1]:80/udp", "0.0.0.0:80", "[::]:80", "10.0.0.1:80:90")) {
            var published = PublishGrammar.parse(text).getFirst().published();
            assertEquals(published, PublishGrammar.published(published.text()));
        }
        assertThrows(BadValue.class, () -> PublishGrammar.published("80:90/tcp,81"));
        assertThrows(BadValue.class, () -> PublishGrammar.published("80"));
    }

    @Test
    void any_text_gives_mappings_or_a_bad_value() {
        String alphabet = "0189:[]-,./tcpudp \u001b%x٨";
        int accepted = 0;
        for (long seed = 0; seed < 20_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            String text =
                    IntStream.range(0, random.nextInt(12))
                            .mapToObj(_ ->
                                    String.valueOf(
                                            alphabet.charAt(random.nextInt(alphabet.length()))))
                            .collect(Collectors.joining());
            try {
                accepted += PublishGrammar.parse(text).isEmpty() ? 0 : 1;
            } catch (BadValue bad) {
                assertTrue(
                        bad.getMessage().chars().noneMatch(Character::isISOControl),
                        "seed " + seed);
            }
        }
        assertTrue(accepted > 100, "the generator makes too few valid texts: " + accepted);
    }
}
