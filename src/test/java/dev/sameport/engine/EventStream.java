package dev.sameport.engine;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;

/// An event stream that says what a test tells it to, to whoever listens by then.
public final class EventStream implements FakeEngine.Reply {
    private static final byte[] END = {};

    private final boolean lateHead;
    private final List<LinkedBlockingQueue<byte[]>> listeners = new CopyOnWriteArrayList<>();

    /// @param lateHead whether the answer's head waits for the first event
    public EventStream(boolean lateHead) {
        this.lateHead = lateHead;
    }

    public EventStream() {
        this(false);
    }

    @Override
    public void send(SocketChannel channel) throws IOException, InterruptedException {
        LinkedBlockingQueue<byte[]> pieces = new LinkedBlockingQueue<>();
        listeners.add(pieces);
        try {
            if (!lateHead) {
                FakeEngine.write(channel, FakeEngine.CHUNKED);
            }
            byte[] piece = pieces.take();
            if (lateHead) {
                FakeEngine.write(channel, FakeEngine.CHUNKED);
            }
            while (piece.length > 0) {
                FakeEngine.write(channel, FakeEngine.chunk(piece));
                piece = pieces.take();
            }
        } finally {
            listeners.remove(pieces);
        }
    }

    /// How many listen.
    public int listening() {
        return listeners.size();
    }

    /// Says this to all who listen.
    public void say(String text) {
        say(text.getBytes(StandardCharsets.UTF_8));
    }

    public void say(byte[] bytes) {
        listeners.forEach(listener -> listener.add(bytes));
    }

    /// Ends all streams in the middle.
    public void end() {
        say(END);
    }
}
