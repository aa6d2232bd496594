package dev.sameport.plane.proxy.l4;

import dev.sameport.plane.proxy.SocketOptions;
import java.time.Duration;

/// How listeners and relays behave.
///
/// @param mark SO_MARK of upstream sockets, 0 for none
/// @param backlog connections that may wait to be accepted; the kernel caps it at
///   net.core.somaxconn
/// @param connectTimeout how long one connect to an endpoint may take
/// @param retry how long a held connection waits before it tries endpoints again that just failed
/// @param mostHeld connections held at one time, all ports together; one more is reset
/// @param mostEarlyBytes bytes of held connections kept at one time; a connection that would bring
///   more is reset
/// @param linger how long bytes for a peer may wait for it once the other side was reset
/// @param sockets buffers of every relayed socket
public record ListenerOptions(
        int mark,
        int backlog,
        Duration connectTimeout,
        Duration retry,
        int mostHeld,
        long mostEarlyBytes,
        Duration linger,
        SocketOptions sockets) {
    public static final ListenerOptions DEFAULT =
            new ListenerOptions(
                    0,
                    4096,
                    Duration.ofSeconds(1),
                    Duration.ofMillis(100),
                    10_000,
                    64 << 20,
                    Duration.ofSeconds(5),
                    SocketOptions.DEFAULT);

    /// The same with another mark.
    public ListenerOptions withMark(int other) {
        return new ListenerOptions(
                other, backlog, connectTimeout, retry, mostHeld, mostEarlyBytes, linger, sockets);
    }
}
