package dev.sameport.admin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.concurrent.Semaphore;

/// The control socket `admin.sock`: mode 0660, group `sameport` where there is one. Whoever may
/// open it can run commands as themselves and publish any port: with the daemon as root, that
/// equals root.
public final class AdminServer implements AutoCloseable {
    private static final int MAX_CONNECTIONS = 64;
    private static final String GROUP = "sameport";

    private final ServerSocketChannel server;
    private final Path socket;
    private final Routes routes;
    private final Semaphore places = new Semaphore(MAX_CONNECTIONS);

    private AdminServer(ServerSocketChannel server, Path socket, Control control) {
        this.server = server;
        this.socket = socket;
        this.routes = new Routes(control);
    }

    /// Listens at `socket`; one that a dead daemon left is replaced (the daemon's lock says that it
    /// is dead).
    public static AdminServer start(Path socket, Control control) {
        try {
            Files.deleteIfExists(socket);
            ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            server.bind(UnixDomainSocketAddress.of(socket));
            protect(socket);
            AdminServer admin = new AdminServer(server, socket, control);
            Thread.ofVirtual().name("admin").start(admin::accept);
            return admin;
        } catch (IOException e) {
            throw new UncheckedIOException("can't listen at " + socket, e);
        }
    }

    private static void protect(Path socket) throws IOException {
        Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-rw----"));
        try {
            var group =
                    socket.getFileSystem()
                            .getUserPrincipalLookupService()
                            .lookupPrincipalByGroupName(GROUP);
            Files.getFileAttributeView(socket, PosixFileAttributeView.class).setGroup(group);
        } catch (UserPrincipalNotFoundException _) {
            // Without the group, the socket stays the daemon's own.
        }
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel connection = server.accept();
                if (places.tryAcquire()) {
                    Thread.ofVirtual().name("admin-session").start(() -> serve(connection));
                } else {
                    connection.close();
                }
            }
        } catch (ClosedChannelException _) {
            // The daemon ends.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void serve(SocketChannel connection) {
        try (connection) {
            new AdminSession(connection, routes).serve();
        } catch (IOException _) {
            // The client left; nothing is owed to it.
        } finally {
            places.release();
        }
    }

    @Override
    public void close() {
        try {
            server.close();
            Files.deleteIfExists(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
