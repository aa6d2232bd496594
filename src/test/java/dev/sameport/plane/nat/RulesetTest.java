package dev.sameport.plane.nat;

import static dev.sameport.model.Family.IPV4;
import static dev.sameport.model.Family.IPV6;
import static dev.sameport.plane.nat.Examples.ANY;
import static dev.sameport.plane.nat.Examples.at;
import static dev.sameport.plane.nat.Examples.desired;
import static dev.sameport.plane.nat.Examples.endpoint;
import static dev.sameport.plane.nat.Examples.hold;
import static dev.sameport.plane.nat.Examples.in;
import static dev.sameport.plane.nat.Examples.member;
import static dev.sameport.plane.nat.Examples.refuse;
import static dev.sameport.plane.nat.Examples.serve;
import static dev.sameport.plane.nat.Examples.service;
import static dev.sameport.plane.nat.Examples.tcp;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sameport.model.Desired;
import dev.sameport.model.Endpoint;
import dev.sameport.model.Family;
import dev.sameport.model.Phase;
import dev.sameport.model.PublishedPort;
import dev.sameport.model.ServicePort;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class RulesetTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden/nft");
    private static final Path ACTUAL = Path.of("target/golden/nft");

    /// A golden file's name and what it shows.
    record Case(String name, NatState state) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> cases() {
        Endpoint four = endpoint(1, 1, IPV4);
        Endpoint six = endpoint(2, 1, IPV6);
        Endpoint both = endpoint(3, 1, IPV4, IPV6);
        Map<String, Desired> cases = new TreeMap<>();
        cases.put("nothing", Desired.NOTHING);
        cases.put("any-ipv4-endpoint", desired(serve(tcp(ANY, 80), four)));
        cases.put("any-ipv6-endpoint", desired(serve(tcp(ANY, 80), six)));
        cases.put("any-dual-endpoint", desired(serve(tcp(ANY, 80), both)));
        cases.put("any-mixed-endpoints", desired(serve(tcp(ANY, 80), four, six, both)));
        cases.put("ipv4-wildcard", desired(serve(tcp(Examples.IPV4, 80), four, both)));
        cases.put("ipv6-wildcard", desired(serve(tcp(Examples.IPV6, 80), six, both)));
        cases.put("one-ipv4-address", desired(serve(tcp(at("198.18.9.1"), 80), both)));
        cases.put("one-ipv6-address", desired(serve(tcp(at("fd09::1"), 80), both)));
        cases.put("address-of-the-other-family", desired(serve(tcp(at("fd09::1"), 80), four)));
        cases.put(
                "weights",
                desired(
                        serve(
                                tcp(ANY, 80),
                                endpoint(1, 3, IPV4, IPV6),
                                endpoint(2, 1, IPV4, IPV6),
                                endpoint(3, 1000, IPV4),
                                endpoint(4, 0, IPV4, IPV6))));
        cases.put(
                "draining",
                desired(
                        serve(
                                tcp(ANY, 80),
                                four,
                                in(Phase.DRAINING, both),
                                in(Phase.STARTING, six))));
        cases.put("hold", desired(hold(tcp(ANY, 80))));
        cases.put("refuse-any", desired(refuse(tcp(ANY, 80))));
        cases.put(
                "refuse-addresses",
                desired(
                        refuse(tcp(Examples.IPV4, 80)),
                        refuse(tcp(Examples.IPV6, 81)),
                        refuse(tcp(at("198.18.9.1"), 82)),
                        refuse(tcp(at("fd09::1"), 82)),
                        refuse(tcp(at("127.0.0.1"), 83)),
                        refuse(tcp(at("::1"), 83))));
        cases.put("several-services", several(four, six, both));
        cases.put(
                "two-bridges",
                desired(
                        serve(
                                tcp(ANY, 80),
                                endpoint(1, 1, "docker0", IPV4),
                                endpoint(2, 1, "br-0123456789ab", IPV4))));
        cases.put(
                "longest-service-name",
                desired(service("w".repeat(128), serve(tcp(ANY, 65_535), four))));
        cases.put("twenty-endpoints", many(20));
        // The first two are at one address.
        cases.put(
                "members-of-a-sandbox",
                desired(
                        serve(
                                tcp(ANY, 80),
                                member("a", endpoint(1, 2, IPV4, IPV6)),
                                member("b", endpoint(1, 1, IPV4, IPV6)),
                                endpoint(2, 1, IPV4, IPV6))));
        return Stream.concat(
                cases.entrySet().stream().map(entry -> usual(entry.getKey(), entry.getValue())),
                variants(desired(serve(tcp(ANY, 80), both), refuse(tcp(ANY, 81)))));
    }

    private static Desired several(Endpoint four, Endpoint six, Endpoint both) {
        return desired(
                service(
                        "shop/web",
                        serve(tcp(ANY, 80), four, both),
                        serve(tcp(ANY, 443), four, both),
                        serve(tcp(at("198.18.9.1"), 8080), four)),
                service("shop/api:v2", serve(tcp(ANY, 8081), six, both), hold(tcp(ANY, 9000))),
                service("gone", refuse(tcp(ANY, 5432))),
                service("v4-only", serve(tcp(Examples.IPV4, 7000), both)),
                service("v6-only", serve(tcp(Examples.IPV6, 7000), both)));
    }

    private static Desired many(int count) {
        return desired(
                serve(
                        tcp(ANY, 80),
                        IntStream.rangeClosed(1, count)
                                .mapToObj(number -> endpoint(number, 1, IPV4, IPV6))
                                .toArray(Endpoint[]::new)));
    }

    private static Stream<Case> variants(Desired desired) {
        Duration minute = Duration.ofMinutes(1);
        return Map.of(
                        "mark-low-byte", new NatOptions(0x21, 0xff, minute, true),
                        "mark-odd-bits", new NatOptions(0x00400001, 0x00c00003, minute, true),
                        "mark-whole", new NatOptions(0x5a5a5a5a, 0xffffffff, minute, true),
                        "copied-mark", new NatOptions(0x5a000000, 0xff000000, minute, true),
                        "kept-for-1500-ms",
                                new NatOptions(
                                        0x5a000000, 0xff000000, Duration.ofMillis(1500), false))
                .entrySet()
                .stream()
                .map(entry ->
                        new Case(entry.getKey(), NatState.of(desired, entry.getValue(), Map.of())));
    }

    private static Case usual(String name, Desired desired) {
        return new Case(name, NatState.of(desired, NatOptions.DEFAULT, Map.of()));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void the_whole_table_is_the_golden_one(Case example) throws IOException {
        String text = Ruleset.full(example.state);
        Files.createDirectories(ACTUAL);
        Files.writeString(ACTUAL.resolve(example.name + ".nft"), text);
        Path golden = GOLDEN.resolve(example.name + ".nft");
        String expected =
                Files.exists(golden) ? Files.readString(golden, StandardCharsets.UTF_8) : "";
        assertEquals(expected, text, () -> "if intended, copy from " + ACTUAL + " to " + GOLDEN);
    }

    @Test
    void every_golden_file_has_its_case() throws IOException {
        try (Stream<Path> files = Files.list(GOLDEN)) {
            assertEquals(
                    cases().map(example -> example.name + ".nft").sorted().toList(),
                    files.map(file -> file.getFileName().toString()).sorted().toList());
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void the_kernel_takes_the_table_lists_it_back_and_reads_its_own_listing(Case example) {
        try (TestNamespace kernel = new TestNamespace()) {
            kernel.nftables.apply(Ruleset.full(example.state));
            String listed = kernel.table();

            TableListing listing =
                    TableListing.parse(kernel.nftables.list("list table inet sameport"));
            assertEquals(expected(example.state), listing.ports());
            assertTrue(listing.alive());
            kernel.nftables.apply(Ruleset.full(example.state));
            assertEquals(listed, kernel.table());
            String text = kernel.run("nft -s list table inet sameport");
            kernel.nftables.apply(Ruleset.erasure() + text);
            assertEquals(listed, kernel.table());
        }
    }

    private static Map<PublishedPort, Set<InetSocketAddress>> expected(NatState state) {
        Map<PublishedPort, Set<InetSocketAddress>> expected = new TreeMap<>();
        state.ports().forEach((published, rules) -> expected.put(published, rules.endpoints()));
        return expected;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void the_difference_from_nothing_leads_to_the_same_table_and_back(Case example) {
        NatState empty = NatState.empty(example.state.options());
        try (TestNamespace kernel = new TestNamespace()) {
            kernel.nftables.apply(Ruleset.full(example.state));
            String whole = kernel.table();
            kernel.nftables.apply(Ruleset.full(empty));
            String nothing = kernel.table();

            kernel.nftables.apply(Ruleset.diff(empty, example.state));
            assertEquals("", Ruleset.sweep(empty, example.state));
            assertEquals(whole, kernel.table());
            kernel.nftables.apply(Ruleset.diff(example.state, empty));
            kernel.nftables.apply(Ruleset.sweep(example.state, empty));
            assertEquals(nothing, kernel.table());
        }
    }

    @Test
    void a_state_does_not_differ_from_itself() {
        cases().forEach(example -> {
            assertEquals("", Ruleset.diff(example.state, example.state), example.name);
            assertEquals("", Ruleset.sweep(example.state, example.state), example.name);
        });
    }

    @Test
    void one_more_endpoint_changes_one_map_and_nothing_else() {
        NatState one = usual("", desired(serve(tcp(ANY, 80), endpoint(1, 1, IPV4)))).state;
        NatState two =
                usual("", desired(serve(tcp(ANY, 80), endpoint(1, 1, IPV4), endpoint(2, 1, IPV4))))
                        .state;
        assertEquals(
                """
                flush map inet sameport tcp_80_any_to_ipv4
                add element inet sameport tcp_80_any_to_ipv4 { 0-32767 : 198.18.0.2 . 8080,
                \t32768-65535 : 198.18.0.3 . 8080 }
                """,
                Ruleset.diff(one, two));
    }

    @Test
    void other_options_need_the_whole_table() {
        NatState usual = NatState.empty(NatOptions.DEFAULT);
        NatState copying = NatState.empty(new NatOptions(1, 1, Duration.ofSeconds(1), true));
        assertEquals(Ruleset.full(copying), Ruleset.diff(usual, copying));
    }

    @Test
    void members_of_a_sandbox_are_one_share_with_the_sum_of_their_weights() {
        ServicePort port =
                serve(
                        tcp(ANY, 80),
                        member("a", endpoint(1, 2, IPV4)),
                        member("b", endpoint(1, 1, IPV4)),
                        endpoint(2, 1, IPV4));
        List<NatState.Share> shares = NatState.shares(port, Family.IPV4, Map.of());
        assertEquals(2, shares.size());
        assertEquals(3 * shares.get(1).slots(), shares.get(0).slots());
    }
}
