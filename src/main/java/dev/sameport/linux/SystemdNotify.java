package dev.sameport.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// What the service tells systemd about itself (sd_notify(3)); nothing, where systemd didn't ask to
/// be told.
public final class SystemdNotify {
    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM_CLOEXEC = 2 | 0x80000;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int FAMILY_BYTES = 2;
    private static final int LONGEST_PATH = 107;

    private final byte[] address; // empty when nobody wants to be told

    private SystemdNotify(byte[] address) {
        this.address = address;
    }

    /// Tells whoever `$NOTIFY_SOCKET` names.
    ///
    /// @throws IllegalArgumentException when that is neither a path nor an abstract name
    public static SystemdNotify fromEnvironment() {
        return to(System.getenv("NOTIFY_SOCKET"));
    }

    /// Tells a socket: an absolute path, or an abstract name after `@`; nobody, when null or empty.
    static SystemdNotify to(@Nullable String socket) {
        if (socket == null || socket.isEmpty()) {
            return new SystemdNotify(new byte[0]);
        }
        byte[] name = socket.getBytes(StandardCharsets.UTF_8);
        boolean known = socket.startsWith("/") || socket.startsWith("@");
        if (!known || name.length > LONGEST_PATH) {
            throw new IllegalArgumentException(
                    "NOTIFY_SOCKET=%s is neither an absolute path nor @name of at most %d bytes"
                            .formatted(socket, LONGEST_PATH));
        }
        if (name[0] == '@') {
            name[0] = 0;
        }
        return new SystemdNotify(name);
    }

    /// Tells that the service is ready, with a line on its state.
    public void ready(String status) {
        send("READY=1\n" + statusLine(status));
    }

    /// Tells a line on the service's state.
    public void status(String status) {
        send(statusLine(status));
    }

    /// Tells that the service is about to end.
    public void stopping() {
        send("STOPPING=1");
    }

    private static String statusLine(String status) {
        return "STATUS=" + status.replace('\n', ' ');
    }

    private void send(String state) {
        if (address.length == 0) {
            return;
        }
        try (Descriptor socket =
                        Descriptor.of(
                                "open a unix socket",
                                SystemCall.SOCKET.call(AF_UNIX, SOCK_DGRAM_CLOEXEC, 0));
                Arena arena = Arena.ofConfined()) {
            MemorySegment text =
                    arena.allocateFrom(JAVA_BYTE, state.getBytes(StandardCharsets.UTF_8));
            // A path ends with the NUL that the arena put behind it; an abstract name has its
            // length.
            boolean isPath = address[0] != 0;
            MemorySegment name = arena.allocate(FAMILY_BYTES + LONGEST_PATH + 1L, Long.BYTES);
            name.set(JAVA_SHORT, 0, (short) AF_UNIX);
            MemorySegment.copy(address, 0, name, JAVA_BYTE, FAMILY_BYTES, address.length);
            LinuxException.orThrow(
                    "notify systemd",
                    SystemCall.SENDTO.callThroughSignals(
                            socket.number(),
                            text.address(),
                            text.byteSize(),
                            MSG_NOSIGNAL,
                            name.address(),
                            FAMILY_BYTES + address.length + (isPath ? 1 : 0)));
        }
    }
}
