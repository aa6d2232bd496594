package dev.sameport.linux;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The listening sockets of the network namespace in which it was opened (sock_diag(7)).
///
/// It sees those of all users without privilege. Any thread may call.
public final class SocketDiagnostics implements AutoCloseable {
    private static final int SOCK_DIAG_BY_FAMILY = 20;
    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;
    private static final int IPPROTO_TCP = 6;
    private static final int LISTENING = 1 << 10;
    private static final int DIAG_BYTES = 72;
    private static final int V6ONLY = 11;
    private static final int ANY_PORT = 0;
    private static final Path PROCESSES = Path.of("/proc");

    private final Netlink netlink;

    private SocketDiagnostics(Netlink netlink) {
        this.netlink = netlink;
    }

    /// Looks at the calling thread's network namespace.
    public static SocketDiagnostics open() {
        return new SocketDiagnostics(Netlink.open(NetlinkSocket.SOCK_DIAG));
    }

    /// The TCP sockets that listen on a port, IPv4 and IPv6; empty if it is free.
    public List<ListeningSocket> listeningOn(int port) {
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("port " + port + " is outside 1–65535");
        }
        return listening(port);
    }

    /// All TCP sockets that listen, IPv4 and IPv6.
    public List<ListeningSocket> listening() {
        return listening(ANY_PORT);
    }

    private List<ListeningSocket> listening(int port) {
        List<ListeningSocket> sockets = new ArrayList<>();
        for (int family : List.of(AF_INET, AF_INET6)) {
            sockets.addAll(
                    netlink.ask(
                            "list the listening sockets",
                            question(family, port),
                            message -> socketOn(port, message)));
        }
        return List.copyOf(sockets);
    }

    /// struct inet_diag_req_v2, of which the kernel heeds the port when it lists listening sockets.
    private static NetlinkRequest question(int family, int port) {
        return NetlinkRequest.dump(SOCK_DIAG_BY_FAMILY)
                .u8(family)
                .u8(IPPROTO_TCP)
                .zeros(2)
                .u32(LISTENING)
                .u16BigEndian(port)
                .zeros(46);
    }

    private static List<ListeningSocket> socketOn(int port, NetlinkMessage message) {
        ByteBuffer fixed = message.fixed(DIAG_BYTES);
        int actualPort =
                Short.toUnsignedInt(fixed.duplicate().order(ByteOrder.BIG_ENDIAN).getShort(4));
        if (port != ANY_PORT && actualPort != port) {
            return List.of();
        }
        boolean ipv6 = fixed.get(0) == AF_INET6;
        byte[] address = new byte[ipv6 ? 16 : 4];
        fixed.get(8, address);
        return List.of(
                new ListeningSocket(
                        NetlinkAttributes.addressOf(address),
                        actualPort,
                        ipv6,
                        message.attributes(DIAG_BYTES).u8(V6ONLY, 0) != 0,
                        fixed.getInt(40),
                        Integer.toUnsignedLong(fixed.getInt(68)),
                        fixed.getInt(64),
                        Integer.toUnsignedLong(fixed.getInt(44))
                                | (long) fixed.getInt(48) << Integer.SIZE));
    }

    /// A process that has this socket open; empty if none may be looked at (another user's takes
    /// CAP_SYS_PTRACE).
    public static Optional<SocketOwner> ownerOf(long inode) {
        String target = "socket:[" + inode + "]";
        try (DirectoryStream<Path> processes =
                Files.newDirectoryStream(PROCESSES, SocketDiagnostics::isProcess)) {
            for (Path process : processes) {
                if (holds(process.resolve("fd"), target)) {
                    return Optional.of(ownerAt(process));
                }
            }
            return Optional.empty();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static boolean isProcess(Path path) {
        return path.getFileName().toString().chars().allMatch(Character::isDigit);
    }

    private static boolean holds(Path descriptors, String target) {
        try (DirectoryStream<Path> open = Files.newDirectoryStream(descriptors)) {
            for (Path descriptor : open) {
                if (linksTo(descriptor, target)) {
                    return true;
                }
            }
            return false;
        } catch (IOException | DirectoryIteratorException _) {
            return false; // It ended meanwhile, or it is another user's.
        }
    }

    private static boolean linksTo(Path descriptor, String target) {
        try {
            return Files.readSymbolicLink(descriptor).toString().equals(target);
        } catch (IOException _) {
            return false; // It was closed meanwhile.
        }
    }

    private static SocketOwner ownerAt(Path process) {
        int pid = Integer.parseInt(process.getFileName().toString());
        try {
            String name = Files.readString(process.resolve("comm"), StandardCharsets.ISO_8859_1);
            return new SocketOwner(pid, name.strip());
        } catch (IOException _) {
            return new SocketOwner(pid, "?"); // It ended just now.
        }
    }

    @Override
    public void close() {
        netlink.close();
    }
}
