package dev.sameport.plane.proxy.l4;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sameport.model.PublishedPort;
import dev.sameport.plane.proxy.Transport;
import dev.sameport.plane.proxy.Transports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The kernel asks silent peers whether they are still there, as its own table of sockets tells.
class KeepaliveTest {
    private static final String ESTABLISHED = "01";

    /// The timer that runs is that of the first probe, not of a retransmission.
    private static final String KEEPALIVE = "02";

    private static final int MOST_TICKS = 60 * 100;

    private final PublishedPort published = PublishedPort.tcp(Wanted.freePort());

    /// One line of proc_pid_net(5).
    private record Line(int localPort, int remotePort, String state, String timer, long ticks) {
        static Line of(String text) {
            String[] words = text.strip().split("\\s+");
            String[] timer = words[5].split(":");
            return new Line(
                    port(words[1]),
                    port(words[2]),
                    words[3],
                    timer[0],
                    Long.parseLong(timer[1], 16));
        }

        private static int port(String address) {
            return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1), 16);
        }

        boolean isWatched() {
            return state.equals(ESTABLISHED)
                    && timer.equals(KEEPALIVE)
                    && ticks > 0
                    && ticks <= MOST_TICKS;
        }
    }

    private static List<Line> table() {
        List<Line> lines = new ArrayList<>();
        try {
            for (String table : List.of("tcp", "tcp6")) {
                List<String> text = Files.readAllLines(Path.of("/proc/self/net", table));
                text.subList(1, text.size()).forEach(line -> lines.add(Line.of(line)));
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return lines;
    }

    @ParameterizedTest
    @MethodSource(Transports.HERE)
    void both_sides_of_a_relay_are_asked_after_a_minute(Transport transport) throws Exception {
        try (TestServer echo = TestServer.echo();
                TestListeners listeners = new TestListeners(transport)) {
            listeners.apply(Wanted.serving(published, echo.address()));
            try (Socket client = TestListeners.connect(published)) {
                client.getOutputStream().write(7);
                assertEquals(7, client.getInputStream().read());
                Until.holds(
                        "the client is watched",
                        () ->
                                table().stream()
                                        .filter(line -> line.localPort() == published.port())
                                        .filter(line -> line.remotePort() == client.getLocalPort())
                                        .anyMatch(Line::isWatched));
                Until.holds(
                        "the endpoint is watched",
                        () ->
                                table().stream()
                                        .filter(line ->
                                                line.remotePort() == echo.address().getPort())
                                        .anyMatch(Line::isWatched));
            }
        }
    }
}
