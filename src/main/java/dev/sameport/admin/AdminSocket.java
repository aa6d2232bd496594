package dev.sameport.admin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import org.jspecify.annotations.Nullable;

/// The file of the control socket: who may open it, and how it appears and goes.
///
/// It is bound in a directory that only its owner enters, given its mode and group there, and then
/// moved to its place: at no moment can anyone connect who may not, and a stale one is replaced.
/// Whoever may open it can have any command run and any port, so the group is equal to root.
public final class AdminSocket {
    /// Its name in the run directory.
    public static final String NAME = "admin.sock";

    /// The group whose members may use it, where it exists.
    public static final String GROUP = "sameport";

    /// `sun_path` of unix(7), without the closing zero.
    private static final int LONGEST_PATH = 107;

    private final Path place;
    private final Path cradle;
    private @Nullable Object key;

    AdminSocket(Path runDirectory) {
        this.place = runDirectory.resolve(NAME);
        this.cradle = runDirectory.resolve(".admin.new");
        int length = birthplace().toString().getBytes(StandardCharsets.UTF_8).length;
        if (length > LONGEST_PATH) {
            throw new IllegalArgumentException(
                    "run directory "
                            + runDirectory
                            + " is too long: a unix socket's path has at most "
                            + LONGEST_PATH
                            + " bytes; choose a shorter --run-dir");
        }
    }

    Path birthplace() {
        return cradle.resolve("s");
    }

    Path place() {
        return place;
    }

    /// Makes the directory to bind in; refuses if a daemon answers, or if the place is taken by
    /// something that is no socket.
    void prepare() throws IOException {
        if (Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
            refuseIfInUse();
        }
        Files.deleteIfExists(birthplace());
        Files.deleteIfExists(cradle);
        Files.createDirectory(
                cradle,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    private void refuseIfInUse() throws IOException {
        if (!Files.readAttributes(
                        place,
                        java.nio.file.attribute.BasicFileAttributes.class,
                        LinkOption.NOFOLLOW_LINKS)
                .isOther()) {
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

    /// Gives the bound socket its mode and group and moves it to its place.
    void publish() throws IOException {
        Path born = birthplace();
        PosixFileAttributeView attributes =
                Files.getFileAttributeView(born, PosixFileAttributeView.class);
        GroupPrincipal group = group(born);
        if (group != null) {
            giveTo(group, attributes);
        }
        attributes.setPermissions(PosixFilePermissions.fromString("rw-rw----"));
        Files.move(born, place, StandardCopyOption.ATOMIC_MOVE);
        Files.delete(cradle);
        key = key(place);
    }

    private static void giveTo(GroupPrincipal group, PosixFileAttributeView attributes) {
        try {
            attributes.setGroup(group);
        } catch (IOException _) {
            // Without root only a member can; then the caller's own group keeps it.
        }
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

    /// Removes the file if it is still ours.
    void remove() {
        try {
            if (key != null && key.equals(key(place))) {
                Files.deleteIfExists(place);
            }
            Files.deleteIfExists(birthplace());
            Files.deleteIfExists(cradle);
        } catch (IOException e) {
            throw new UncheckedIOException("can't remove " + place, e);
        }
    }

    private static @Nullable Object key(Path path) throws IOException {
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS)
                ? Files.readAttributes(
                                path,
                                java.nio.file.attribute.BasicFileAttributes.class,
                                LinkOption.NOFOLLOW_LINKS)
                        .fileKey()
                : null;
    }
}
