package dev.sameport.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;

/// A netlink socket of the calling thread's network namespace: it sends and receives datagrams of
/// the kernel's.
final class NetlinkSocket implements AutoCloseable {
    static final int ROUTE = 0;
    static final int SOCK_DIAG = 4;
    static final int NETFILTER = 12;

    private static final int AF_NETLINK = 16;
    private static final int SOCK_RAW_CLOEXEC = 3 | 0x80000;
    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVBUF = 8;
    private static final int SO_RCVBUFFORCE = 33;
    private static final int SO_RCVTIMEO = 20;
    private static final int SOL_NETLINK = 270;
    private static final int ADD_MEMBERSHIP = 1;
    private static final int CAP_ACK = 10;
    private static final int EXT_ACK = 11;
    private static final int GET_STRICT_CHK = 12;
    private static final int MSG_TRUNC = 0x20;
    private static final int ADDRESS_BYTES = 12;

    /// More than the kernel puts into one datagram (32 KiB, or what one link with many functions
    /// takes).
    private static final int RECEIVE_BYTES = 256 * 1024;

    private final Descriptor descriptor;
    private final boolean strict;

    private NetlinkSocket(Descriptor descriptor, boolean strict) {
        this.descriptor = descriptor;
        this.strict = strict;
    }

    /// Opens a socket to one of the kernel's families: [#ROUTE], [#SOCK_DIAG] or [#NETFILTER].
    static NetlinkSocket open(int family) {
        Descriptor descriptor =
                Descriptor.of(
                        "open netlink socket of family " + family,
                        SystemCall.SOCKET.call(AF_NETLINK, SOCK_RAW_CLOEXEC, family));
        try {
            bind(descriptor);
            setOption(descriptor, SOL_NETLINK, CAP_ACK, 1);
            setOption(descriptor, SOL_NETLINK, EXT_ACK, 1);
            // Linux 4.20; without it, dumps ignore what they are asked to filter by.
            boolean strict = trySetOption(descriptor, SOL_NETLINK, GET_STRICT_CHK, 1) == 0;
            return new NetlinkSocket(descriptor, strict);
        } catch (RuntimeException failure) {
            descriptor.close();
            throw failure;
        }
    }

    /// Gets a port number from the kernel; a socket without one is sent no notifications.
    private static void bind(Descriptor descriptor) {
        try (Arena arena = Arena.ofConfined()) {
            LinuxException.orThrow(
                    "bind netlink",
                    SystemCall.BIND.call(
                            descriptor.number(), address(arena, 0).address(), ADDRESS_BYTES));
        }
    }

    /// Whether the kernel refuses dump filters that it doesn't understand, rather than ignore them.
    boolean isStrict() {
        return strict;
    }

    /// Subscribes to the notifications of a multicast group.
    void join(int group) {
        setOption(descriptor, SOL_NETLINK, ADD_MEMBERSHIP, group);
    }

    /// Asks for a receive buffer of this many bytes: beyond the machine's limit with CAP_NET_ADMIN,
    /// else up to it.
    void setReceiveBuffer(int bytes) {
        if (trySetOption(descriptor, SOL_SOCKET, SO_RCVBUFFORCE, bytes) < 0) {
            setOption(descriptor, SOL_SOCKET, SO_RCVBUF, bytes);
        }
    }

    void setReceiveTimeout(Duration timeout) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment time = arena.allocate(2 * Long.BYTES);
            time.setAtIndex(JAVA_LONG, 0, timeout.toSeconds());
            LinuxException.orThrow(
                    "set a netlink socket's timeout",
                    SystemCall.SETSOCKOPT.call(
                            descriptor.number(),
                            SOL_SOCKET,
                            SO_RCVTIMEO,
                            time.address(),
                            time.byteSize()));
        }
    }

    void send(byte[] message) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocateFrom(JAVA_BYTE, message);
            MemorySegment kernel = address(arena, 0);
            LinuxException.orThrow(
                    "send to netlink",
                    SystemCall.SENDTO.callThroughSignals(
                            descriptor.number(),
                            bytes.address(),
                            message.length,
                            0,
                            kernel.address(),
                            ADDRESS_BYTES));
        }
    }

    /// Receives one datagram; empty if another process sent it.
    ///
    /// @throws LinuxException with EAGAIN after the timeout, ENOBUFS when notifications were lost
    byte[] receive() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocate(RECEIVE_BYTES, Long.BYTES);
            MemorySegment sender = address(arena, -1);
            MemorySegment senderLength = arena.allocateFrom(JAVA_INT, ADDRESS_BYTES);
            long received =
                    LinuxException.orThrow(
                            "receive from netlink",
                            SystemCall.RECVFROM.callThroughSignals(
                                    descriptor.number(),
                                    bytes.address(),
                                    RECEIVE_BYTES,
                                    MSG_TRUNC,
                                    sender.address(),
                                    senderLength.address()));
            if (received > RECEIVE_BYTES) {
                throw new LinuxException(
                        "receive from netlink",
                        Errno.EMSGSIZE,
                        "a datagram of " + received + " bytes");
            }
            boolean fromKernel = sender.get(JAVA_INT, 4) == 0;
            return fromKernel ? bytes.asSlice(0, received).toArray(JAVA_BYTE) : new byte[0];
        }
    }

    private static MemorySegment address(Arena arena, int port) {
        MemorySegment address = arena.allocate(ADDRESS_BYTES, Integer.BYTES);
        address.set(JAVA_SHORT, 0, (short) AF_NETLINK);
        address.set(JAVA_INT, 4, port);
        return address;
    }

    private static void setOption(Descriptor descriptor, int level, int option, int value) {
        LinuxException.orThrow(
                "set netlink option " + option + " to " + value,
                trySetOption(descriptor, level, option, value));
    }

    private static long trySetOption(Descriptor descriptor, int level, int option, int value) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment number = arena.allocateFrom(JAVA_INT, value);
            return SystemCall.SETSOCKOPT.call(
                    descriptor.number(), level, option, number.address(), Integer.BYTES);
        }
    }

    /// The descriptor, to poll it.
    int number() {
        return descriptor.number();
    }

    @Override
    public void close() {
        descriptor.close();
    }
}
