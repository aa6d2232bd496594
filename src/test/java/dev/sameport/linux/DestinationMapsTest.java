package dev.sameport.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// libnftables is the reference: it lists what came by netlink as if it had come through it.
final class DestinationMapsTest {
    private static final String TABLE =
            """
            table inet t {
              map ranges4 {
                typeof numgen random mod 65536 : ip daddr . tcp dport
                flags interval
                counter
              }
              map ranges6 {
                typeof numgen random mod 65536 : ip6 daddr . tcp dport
                flags interval
                counter
              }
              map ports4 { type inet_service : ipv4_addr . inet_service
              }
              map ports6 { type inet_service : ipv6_addr . inet_service
              }
            }
            """;

    private final NetworkNamespace namespace = NetworkNamespace.createAnonymous();
    private final NetworkNamespace other = NetworkNamespace.createAnonymous();
    private final Nftables nftables = Nftables.open(namespace);
    private final Nftables reference = Nftables.open(other);
    private final DestinationMaps maps = namespace.call(() -> DestinationMaps.open("t"));

    @BeforeEach
    void load() {
        nftables.apply(TABLE);
        reference.apply(TABLE);
    }

    @AfterEach
    void vanish() {
        maps.close();
        nftables.close();
        reference.close();
        namespace.close();
        other.close();
    }

    private String table() {
        return nftables.listText("list table inet t");
    }

    private static InetSocketAddress to(boolean six, int number) {
        String literal =
                six
                        ? "fd00::%x".formatted(number)
                        : "198.18.%d.%d".formatted(number / 250, number % 250 + 1);
        return new InetSocketAddress(InetAddress.ofLiteral(literal), number % 65_535 + 1);
    }

    private static String text(DestinationMap map) {
        if (map.elements().isEmpty()) {
            return "flush map inet t " + map.name() + "\n";
        }
        return "flush map inet t %1$s\nadd element inet t %1$s { %2$s }\n"
                .formatted(
                        map.name(),
                        map.elements().stream()
                                .map(DestinationMapsTest::text)
                                .collect(Collectors.joining(",\n")));
    }

    private static String text(DestinationMap.Element element) {
        String key =
                switch (element) {
                    case DestinationMap.Port(int port, var _) -> Integer.toString(port);
                    case DestinationMap.Range(int first, int last, var _) ->
                            first == last ? Integer.toString(first) : first + "-" + last;
                };
        return "%s : %s . %d"
                .formatted(key, element.to().getAddress().getHostAddress(), element.to().getPort());
    }

    private static DestinationMap ranges(SplittableRandom random, boolean six, int most) {
        List<DestinationMap.Range> ranges = new ArrayList<>();
        int first = random.nextInt(3) * 100;
        for (int i = random.nextInt(most + 1); i > 0 && first <= 65_535; i--) {
            int last = Math.min(65_535, first + random.nextInt(random.nextBoolean() ? 1 : 40_000));
            ranges.add(new DestinationMap.Range(first, last, to(six, random.nextInt(1, 40_000))));
            first = last + 1 + random.nextInt(2);
        }
        return new DestinationMap(six ? "ranges6" : "ranges4", ranges);
    }

    private static DestinationMap ports(SplittableRandom random, boolean six) {
        List<DestinationMap.Port> ports = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            ports.add(new DestinationMap.Port(random.nextInt(100) + 100 * i, to(six, i)));
        }
        return new DestinationMap(six ? "ports6" : "ports4", ports);
    }

    @Test
    void elements_are_the_same_as_those_that_libnftables_writes() {
        SplittableRandom seeds = new SplittableRandom(44);
        for (int round = 0; round < 60; round++) {
            long seed = seeds.nextLong();
            SplittableRandom random = new SplittableRandom(seed);
            List<DestinationMap> wanted =
                    List.of(
                            ranges(random, false, 6),
                            ranges(random, true, 6),
                            ports(random, false),
                            ports(random, true));

            maps.replace(wanted);
            wanted.forEach(map -> reference.apply(text(map)));

            assertEquals(reference.listText("list table inet t"), table(), "seed " + seed);
        }
    }

    @Test
    void a_thousand_elements_fit_and_can_be_counted() {
        List<DestinationMap.Range> ranges = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            ranges.add(new DestinationMap.Range(i * 65, i * 65 + 64, to(true, i + 1)));
        }

        maps.replace(List.of(new DestinationMap("ranges6", ranges)));
        reference.apply(text(new DestinationMap("ranges6", ranges)));

        assertEquals(reference.listText("list table inet t"), table());
        Map<InetSocketAddress, Long> counts = maps.count(List.of("ranges6")).get();
        assertEquals(1_000, counts.size());
        assertEquals(0, counts.get(to(true, 1_000)));
    }

    @Test
    void counters_are_read_as_they_were_when_asked_for() {
        nftables.apply(
                "add element inet t ranges4 { 0-9 counter packets 7 bytes 700 : 198.18.0.1 . 80,"
                        + " 10 counter packets 5 bytes 0 : 198.18.0.1 . 80 }\n"
                        + "add element inet t ranges6 { 3 counter packets 2 bytes 0 : fd00::1 . 80 }\n");

        var counts = maps.count(List.of("ranges4", "ranges6"));
        maps.replace(List.of(new DestinationMap("ranges4", List.of())));

        assertEquals(
                Map.of(
                        new InetSocketAddress(InetAddress.ofLiteral("198.18.0.1"), 80),
                        12L,
                        new InetSocketAddress(InetAddress.ofLiteral("fd00::1"), 80),
                        2L),
                counts.get());
        assertEquals(Map.of(), maps.count(List.of("ranges4")).get());
    }

    @Test
    void a_refused_change_changes_nothing() {
        SplittableRandom random = new SplittableRandom(3);
        DestinationMap good = ranges(random, false, 6);
        maps.replace(List.of(good));
        String before = table();

        DestinationMap missing = new DestinationMap("nowhere", good.elements());
        DestinationMap empty = new DestinationMap("ranges4", List.of());
        LinuxException refusal =
                assertThrows(LinuxException.class, () -> maps.replace(List.of(empty, missing)));
        assertEquals(true, refusal.is(Errno.ENOENT), refusal.getMessage());
        assertThrows(LinuxException.class, () -> maps.replace(List.of(missing, empty)));
        assertThrows(LinuxException.class, () -> maps.count(List.of("nowhere")));
        assertEquals(before, table());

        maps.replace(List.of(empty));
        assertEquals(Map.of(), maps.count(List.of("ranges4")).get());
    }
}
