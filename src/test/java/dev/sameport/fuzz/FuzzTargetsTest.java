package dev.sameport.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sameport.admin.RequestFuzzTarget;
import dev.sameport.config.LabelsFuzzTarget;
import dev.sameport.config.PublishFuzzTarget;
import dev.sameport.daemon.ReplicaLineFuzzTarget;
import dev.sameport.engine.AnswerFuzzTarget;
import dev.sameport.journal.JournalFuzzTarget;
import dev.sameport.plane.proxy.wire.ClientHello;
import dev.sameport.plane.proxy.wire.ClientHelloFuzzTarget;
import dev.sameport.plane.proxy.wire.ProxyProtocol;
import dev.sameport.plane.proxy.wire.ProxyProtocolFuzzTarget;
import dev.sameport.provider.declared.DeclarationFuzzTarget;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Each fuzz target with its seeds (`src/test/resources/fuzz/TARGET/`), as they are and spoiled.
final class FuzzTargetsTest {
    private static final Path SEEDS = Path.of("src/test/resources/fuzz");
    private static final int SPOILED = 3_000;
    private static final Map<String, Consumer<byte[]>> TARGETS =
            Map.of(
                    "admin.RequestFuzzTarget", RequestFuzzTarget::fuzzerTestOneInput,
                    "config.LabelsFuzzTarget", LabelsFuzzTarget::fuzzerTestOneInput,
                    "config.PublishFuzzTarget", PublishFuzzTarget::fuzzerTestOneInput,
                    "daemon.ReplicaLineFuzzTarget", ReplicaLineFuzzTarget::fuzzerTestOneInput,
                    "engine.AnswerFuzzTarget", AnswerFuzzTarget::fuzzerTestOneInput,
                    "journal.JournalFuzzTarget", JournalFuzzTarget::fuzzerTestOneInput,
                    "plane.proxy.wire.ClientHelloFuzzTarget",
                            ClientHelloFuzzTarget::fuzzerTestOneInput,
                    "plane.proxy.wire.ProxyProtocolFuzzTarget",
                            ProxyProtocolFuzzTarget::fuzzerTestOneInput,
                    "provider.declared.DeclarationFuzzTarget",
                            DeclarationFuzzTarget::fuzzerTestOneInput);

    static Stream<String> targets() {
        return TARGETS.keySet().stream().sorted();
    }

    @ParameterizedTest
    @MethodSource("targets")
    void holds_for_its_seeds_as_they_are_and_spoiled(String name) throws Exception {
        attack(name, TARGETS.get(name));
    }

    private static void attack(String name, Consumer<byte[]> target) throws Exception {
        SplittableRandom random = new SplittableRandom(name.hashCode());
        List<Path> seeds;
        try (Stream<Path> files = Files.list(SEEDS.resolve(name))) {
            seeds = files.sorted().toList();
        }
        for (Path seed : seeds) {
            byte[] bytes = Files.readAllBytes(seed);
            run(target, bytes);
            for (int i = 0; i < SPOILED / seeds.size(); i++) {
                run(target, spoiled(bytes, random));
            }
        }
    }

    private static void run(Consumer<byte[]> target, byte[] input) {
        try {
            target.accept(input);
        } catch (Throwable failure) {
            int shown = Math.min(200, input.length);
            throw new AssertionError(
                    "input " + HexFormat.of().formatHex(input, 0, shown) + "… = " + text(input),
                    failure);
        }
    }

    private static String text(byte[] input) {
        return new String(input, StandardCharsets.UTF_8);
    }

    private static byte[] spoiled(byte[] bytes, SplittableRandom random) {
        byte[] next = bytes;
        for (int changes = random.nextInt(1, 5); changes > 0; changes--) {
            next = changed(next, random);
        }
        return next;
    }

    private static byte[] changed(byte[] bytes, SplittableRandom random) {
        if (bytes.length == 0) {
            return new byte[] {(byte) random.nextInt(256)};
        }
        int at = random.nextInt(bytes.length);
        int to = at + random.nextInt(Math.min(16, bytes.length - at) + 1);
        return switch (random.nextInt(5)) {
            case 0 -> Arrays.copyOf(bytes, at);
            case 1 -> joined(Arrays.copyOf(bytes, at), Arrays.copyOfRange(bytes, to, bytes.length));
            case 2 -> joined(Arrays.copyOf(bytes, to), Arrays.copyOfRange(bytes, at, bytes.length));
            case 3 -> {
                byte[] other = bytes.clone();
                other[at] = (byte) random.nextInt(256);
                yield other;
            }
            default -> {
                byte[] other = bytes.clone();
                other[at] = (byte) " \"{}[]:,/0123456789.-=\n\\".charAt(random.nextInt(23));
                yield other;
            }
        };
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    @Test
    void a_planted_fault_is_found() {
        assertThrows(
                AssertionError.class,
                () ->
                        attack(
                                "plane.proxy.wire.ProxyProtocolFuzzTarget",
                                input ->
                                        ProxyProtocolFuzzTarget.check(
                                                input, FuzzTargetsTest::readFaultily)));
        assertThrows(
                AssertionError.class,
                () ->
                        attack(
                                "plane.proxy.wire.ClientHelloFuzzTarget",
                                input ->
                                        ClientHelloFuzzTarget.check(
                                                input, () -> FuzzTargetsTest::lookFaultily)));
    }

    /// Believes a length without looking whether the bytes are there.
    private static ProxyProtocol.Outcome readFaultily(ByteBuf in) {
        if (in.readableBytes() >= 16 && in.getByte(0) == '\r') {
            in.getByte(15 + in.getUnsignedShort(14));
        }
        return ProxyProtocol.read(in);
    }

    /// Reads past the end of a second record whose header is not whole.
    private static ClientHello.Outcome lookFaultily(ByteBuf in) {
        ClientHello.Outcome outcome = new ClientHello().look(in);
        if (outcome instanceof ClientHello.Incomplete && in.readableBytes() >= 5) {
            int next = 5 + in.getUnsignedShort(3);
            if (next < in.readableBytes()) {
                in.getUnsignedShort(next + 3);
            }
        }
        return outcome;
    }

    @Test
    void every_target_is_run_here() throws Exception {
        TreeSet<String> found = new TreeSet<>();
        Path root = Path.of("src/test/java/dev/sameport");
        try (Stream<Path> files = Files.walk(root)) {
            files.map(file -> root.relativize(file).toString())
                    .filter(file -> file.endsWith("FuzzTarget.java"))
                    .map(file -> file.replace(".java", "").replace('/', '.'))
                    .forEach(found::add);
        }
        assertEquals(found, new TreeSet<>(TARGETS.keySet()));
    }
}
