package dev.sameport.admin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/// The control socket `admin.sock`: mode 0660, group `sameport` where there is one. Whoever may
/// open it can run commands as themselves and publish any port: with the daemon as root, that
/// equals root.
///
/// One request a connection. Limits: a line of 4 KiB, headers of 8 KiB, a body of 1 MiB, 64
/// connections, 10 s for a request to come and 10 s for an answer to be taken.
public final class AdminServer implements AutoCloseable {
    private static final int MAX_CONNECTIONS = 64;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /// Without descriptors, accepting fails at once again and again.
    private static final Duration BREATH = Duration.ofMillis(100);

    private final ServerSocketChannel server;
    private final AdminSocket socket;
    private final Routes routes;
    private final Duration patience;
    private final Semaphore places = new Semaphore(MAX_CONNECTIONS);
    private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();

    private AdminServer(
            ServerSocketChannel server, AdminSocket socket, Control control, Duration patience) {
        this.server = server;
        this.socket = socket;
        this.routes = new Routes(control);
        this.patience = patience;
    }

    /// Listens at `socket`; one that a dead daemon left is replaced.
    ///
    /// @throws IllegalStateException if a daemon answers there, or if it is no socket
    public static AdminServer start(Path socket, Control control) {
        return start(socket, control, PATIENCE);
    }

    static AdminServer start(Path place, Control control, Duration patience) {
        AdminSocket socket = new AdminSocket(place);
        try {
            AdminServer admin = new AdminServer(socket.listen(), socket, control, patience);
            Thread.ofVirtual().name("admin").start(admin::accept);
            return admin;
        } catch (IOException e) {
            throw new UncheckedIOException("can't listen at " + place, e);
        }
    }

    private void accept() {
        while (server.isOpen()) {
            try {
                SocketChannel connection = server.accept();
                Thread.ofVirtual().name("admin-session").start(() -> serve(connection));
            } catch (IOException _) {
                breathe(); // closed, which ends the loop, or out of descriptors, which passes
            }
        }
    }

    private void breathe() {
        try {
            if (server.isOpen()) {
                Thread.sleep(BREATH);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void serve(SocketChannel connection) {
        boolean room = places.tryAcquire();
        open.add(connection);
        try (connection) {
            AdminSession session = new AdminSession(connection, routes, patience);
            if (room && server.isOpen()) {
                session.serve();
            } else {
                session.turnAway(MAX_CONNECTIONS);
            }
        } catch (IOException _) {
            // The client left; nothing is owed to it.
        } finally {
            open.remove(connection);
            if (room) {
                places.release();
            }
        }
    }

    /// Ends every connection and removes the socket.
    @Override
    public void close() {
        try {
            server.close();
            for (SocketChannel connection : open) {
                connection.close();
            }
            socket.remove();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
