package dev.sameport.linux;

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.IntFunction;

/// Questions to the kernel over one netlink socket, each answered before the next is asked.
final class Netlink implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final int DUMP_ATTEMPTS = 10;

    private final ReentrantLock oneAtATime = new ReentrantLock();
    private final NetlinkSocket socket; // guarded by oneAtATime
    private int sequence; // guarded by oneAtATime

    private Netlink(NetlinkSocket socket) {
        this.socket = socket;
    }

    /// Opens a socket to a family, one of the constants of [NetlinkSocket], in the calling thread's
    /// namespace.
    static Netlink open(int family) {
        NetlinkSocket socket = NetlinkSocket.open(family);
        socket.setReceiveTimeout(TIMEOUT);
        return new Netlink(socket);
    }

    boolean isStrict() {
        return socket.isStrict();
    }

    /// Asks, and returns what `read` makes of each message of the answer.
    ///
    /// A dump that a change cut across is asked for again, so `read` may see an object twice; the
    /// result doesn't.
    ///
    /// @param operation what is asked for, for the exception
    /// @throws LinuxException when the kernel refuses, with its explanation
    <T> List<T> ask(
            String operation, NetlinkRequest request, Function<NetlinkMessage, List<T>> read) {
        oneAtATime.lock();
        try {
            for (int attempt = 0; attempt < DUMP_ATTEMPTS; attempt++) {
                Answer<T> answer = answer(operation, request::encode, read);
                if (!answer.interrupted) {
                    return List.copyOf(answer.items);
                }
            }
            throw new LinuxException(
                    operation,
                    Errno.EINTR,
                    "changes cut across each of " + DUMP_ATTEMPTS + " attempts");
        } finally {
            oneAtATime.unlock();
        }
    }

    /// Tells the kernel to do something.
    void tell(String operation, NetlinkRequest request) {
        List<Object> _ = ask(operation, request, _ -> List.of());
    }

    /// Tells the kernel to do all of several messages or none, if they are a batch of a family that
    /// knows batches. They are sent as one, under one number: the first failure ends it, else the
    /// one message that asks for an ACK does.
    void tellAll(String operation, List<NetlinkRequest> batch) {
        oneAtATime.lock();
        try {
            Answer<Object> _ =
                    answer(
                            operation,
                            number -> {
                                ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                                batch.forEach(part -> bytes.writeBytes(part.encode(number)));
                                return bytes.toByteArray();
                            },
                            _ -> List.of());
        } finally {
            oneAtATime.unlock();
        }
    }

    private <T> Answer<T> answer(
            String operation, IntFunction<byte[]> encode, Function<NetlinkMessage, List<T>> read) {
        sequence++;
        socket.send(encode.apply(sequence));
        Answer<T> answer = new Answer<>();
        while (!answer.complete) {
            for (NetlinkMessage message : NetlinkMessage.parse(socket.receive())) {
                // Another number is what is left of a question whose asker gave up.
                if (message.sequence() == sequence) {
                    answer.add(operation, message, read);
                }
            }
        }
        return answer;
    }

    @Override
    public void close() {
        oneAtATime.lock();
        try {
            socket.close();
        } finally {
            oneAtATime.unlock();
        }
    }

    private static final class Answer<T> {
        final List<T> items = new ArrayList<>();
        boolean interrupted;
        boolean complete;

        void add(String operation, NetlinkMessage message, Function<NetlinkMessage, List<T>> read) {
            interrupted |= message.isInterruptedDump();
            if (message.type() == NetlinkMessage.ERROR || message.type() == NetlinkMessage.DONE) {
                if (message.errno() != 0) {
                    throw new LinuxException(operation, message.errno(), message.errorText());
                }
                complete = true;
            } else if (message.type() >= NetlinkMessage.FIRST_OF_FAMILY) {
                items.addAll(read.apply(message));
            }
        }
    }
}
