package dev.sameport.admin;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import org.jspecify.annotations.Nullable;

/// The file of the control socket: how it appears, who may open it, how it goes.
///
/// It is bound in a directory that only its owner enters, gets its mode and group there, and is
/// then moved to its place: at no moment can anyone connect who may not, and a stale one is
/// replaced in one step.
final class AdminSocket {
    private static final String GROUP = "sameport";

    /// `sun_path` of unix(7), without the closing zero.
    private static final int LONGEST_PATH = 107;

    private final Path place;
    private final Path cradle;
    private @Nullable Object key;

    AdminSocket(Path place) {
        this.place = place;
        this.cradle = place.resolveSibling(".admin.new");
        int length = cradle.resolve("s").toString().getBytes(StandardCharsets.UTF_8).length;
        if (length > LONGEST_PATH) {
            throw new IllegalArgumentException(
                    "control socket "
                            + place
                            + ": a unix socket's path has at most "
                            + LONGEST_PATH
                            + " bytes; choose a shorter --run-dir");
        }
    }

    /// Listens at the place; refuses if a daemon answers there, or if something is there that is no
    /// socket.
    ServerSocketChannel listen() throws IOException {
        refuseIfInUse();
        Path born = cradle.resolve("s");
        Files.deleteIfExists(born);
        Files.deleteIfExists(cradle);
        Files.createDirectory(
                cradle,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            server.bind(UnixDomainSocketAddress.of(born));
            protect(born);
            Files.move(born, place, StandardCopyOption.ATOMIC_MOVE);
            key = key();
            return server;
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        } finally {
            Files.deleteIfExists(born);
            Files.deleteIfExists(cradle);
        }
    }

    private void refuseIfInUse() throws IOException {
        if (!Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (!attributes().isOther()) {
            throw new IllegalStateException(
                    place + " is no socket; move it away, or choose another --run-dir");
        }
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(place));
        } catch (IOException _) {
            return; // stale: nobody listens
        }
        throw new IllegalStateException(
                "another daemon answers at "
                        + place
                        + "; stop it first, or choose another --run-dir");
    }

    private static void protect(Path socket) throws IOException {
        PosixFileAttributeView view =
                Files.getFileAttributeView(socket, PosixFileAttributeView.class);
        GroupPrincipal group = group(socket);
        if (group != null) {
            try {
                view.setGroup(group);
            } catch (IOException _) {
                // Only root and members can give it to the group; then it stays the daemon's own.
            }
        }
        view.setPermissions(PosixFilePermissions.fromString("rw-rw----"));
    }

    private static @Nullable GroupPrincipal group(Path path) throws IOException {
        try {
            return path.getFileSystem()
                    .getUserPrincipalLookupService()
                    .lookupPrincipalByGroupName(GROUP);
        } catch (UserPrincipalNotFoundException _) {
            return null;
        }
    }

    /// Removes the file if it is still ours: a successor may have replaced it.
    void remove() throws IOException {
        if (key != null && Files.exists(place, LinkOption.NOFOLLOW_LINKS) && key.equals(key())) {
            Files.deleteIfExists(place);
        }
    }

    private @Nullable Object key() throws IOException {
        return attributes().fileKey();
    }

    private BasicFileAttributes attributes() throws IOException {
        return Files.readAttributes(place, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }
}
