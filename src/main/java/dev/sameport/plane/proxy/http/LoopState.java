package dev.sameport.plane.proxy.http;

import dev.sameport.plane.proxy.http.message.Head;
import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.ArrayList;

/// What the connections of one event loop have in common. Confined to it.
final class LoopState {
    private static final int MOST_SPARE_HEADS = 256;

    final EventLoop loop;
    final Deadlines deadlines;
    final RequestIds ids = new RequestIds();
    final HttpDate date = new HttpDate();

    /// For answers: they are passed on at once, so one head is enough.
    final Head answer = new Head();

    private final ArrayDeque<Head> heads = new ArrayDeque<>();
    private final ArrayList<Outlet> pending = new ArrayList<>();

    LoopState(EventLoop loop) {
        this.loop = loop;
        this.deadlines = new Deadlines(loop);
    }

    /// A head for a request, to be given back.
    Head takeHead() {
        Head spare = heads.pollLast();
        return spare == null ? new Head() : spare;
    }

    void giveBack(Head head) {
        if (heads.size() < MOST_SPARE_HEADS) {
            head.reset();
            heads.addLast(head);
        }
    }

    /// `outlet` has something to flush.
    void pending(Outlet outlet) {
        pending.add(outlet);
    }

    /// Flushes all that has something: to be called when a batch of events was handled.
    void flush() {
        // Flushing may close a channel, which may write to another one.
        for (int i = 0; i < pending.size(); i++) {
            pending.get(i).flush();
        }
        pending.clear();
    }
}
