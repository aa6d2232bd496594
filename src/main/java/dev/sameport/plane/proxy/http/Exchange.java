package dev.sameport.plane.proxy.http;

import dev.sameport.balance.Chooser;
import dev.sameport.balance.Keys;
import dev.sameport.balance.Situation;
import dev.sameport.model.ServicePort.Intake;
import dev.sameport.plane.proxy.http.message.Framing;
import dev.sameport.plane.proxy.http.message.Head;
import dev.sameport.plane.proxy.l4.PortTable;
import dev.sameport.plane.proxy.l4.Waiting;
import io.netty.buffer.ByteBuf;
import java.util.BitSet;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// One request and its answer, from the request's head to the end of both: it finds an endpoint, or
/// waits for one, carries both ways, and tries again where that is safe.
///
/// Reused by its client's connection: `begin` starts over. Confined to the event loop.
final class Exchange extends Deadline implements Situation, Waiting {
    /// Connections that one request may be sent on, in all.
    private static final int MOST_ATTEMPTS = 4;

    private static final long RETRY_PAUSE_NANOS = 100_000_000;

    private enum State {
        /// Not under way.
        OVER,
        /// Waits for an endpoint.
        HELD,
        /// Waits for a connection to an endpoint.
        LEASING,
        /// The request is sent, or is being sent.
        SENT,
        /// The head of the answer was passed on.
        ANSWERING
    }

    private final Lane lane;
    private final LoopState loop;
    private final Downstream client;
    private final HttpPort port;
    private final KeptBody kept = new KeptBody();
    private final BitSet tried = new BitSet();
    private State state = State.OVER;
    private @Nullable Head request;
    private @Nullable PortTable table;
    private @Nullable OriginPool pool;
    private @Nullable Origin origin;
    private @Nullable StickyCookies cookies;
    private long id;
    private long began;
    private long holdUntil;
    private long turn;
    private int attempts;
    private int status;
    private boolean requestEnded;
    private boolean counted;
    private boolean waiting;
    private boolean onlyFresh;
    private boolean upgraded;
    private boolean answerEnded;
    private boolean insisted;

    /// The row of the endpoint that the client's cookie names, where it is kept to.
    private int sticksTo;

    private int leasedRow;

    Exchange(Lane lane, Downstream client) {
        this.lane = lane;
        this.loop = lane.loop;
        this.port = lane.port;
        this.client = client;
    }

    /// Starts with a request that was found in order; its body follows where its framing says so,
    /// by `requestBody` and `requestEnd`, once the client is told that it is wanted.
    void begin(Head head) {
        request = head;
        state = State.LEASING;
        id = loop.ids.next();
        began = System.nanoTime();
        holdUntil = began + port.options().hold().toNanos();
        turn = -1;
        attempts = 0;
        status = 0;
        requestEnded = head.framing() == Framing.NONE;
        upgraded = false;
        answerEnded = false;
        onlyFresh = false;
        insisted = false;
        tried.clear();
        client.forwarded().prepare(head);
        kept.start(head.method().idempotent() || port.options().multiplexed());
        table = port.door().table();
        lane.meters.began();
        lane.budget.request();
        choose();
    }

    Head request() {
        return Objects.requireNonNull(request, "no request");
    }

    Downstream client() {
        return client;
    }

    Lane lane() {
        return lane;
    }

    long id() {
        return id;
    }

    /// `System.nanoTime()` at the begin.
    long began() {
        return began;
    }

    /// The status of the answer, 0 as long as there is none.
    int status() {
        return status;
    }

    boolean underWay() {
        return state != State.OVER;
    }

    private PortTable table() {
        return Objects.requireNonNull(table, "no table");
    }

    // ---- finding an endpoint

    private void choose() {
        refreshTable();
        PortTable now = table();
        if (now.source().intake() == Intake.REFUSE) {
            reply(Reply.unavailable("no replica of this service is running"));
            return;
        }
        int row = now.source().intake() == Intake.HOLD ? Chooser.NONE : chosen(now);
        if (row == Chooser.NONE) {
            hold();
        } else {
            lease(row);
        }
    }

    /// The endpoint that the client's cookie names, else one by balance.
    private int chosen(PortTable now) {
        cookies = port.cookies(now);
        if (cookies != null) {
            int row = cookies.row(request());
            // A connection that just closed says nothing about its endpoint: it is asked once more.
            boolean again = attempts == 1 && !insisted;
            if (row != Chooser.NONE && (again || !tried.get(row))) {
                insisted |= tried.get(row);
                sticksTo = row;
                return row;
            }
        }
        sticksTo = Chooser.NONE;
        return now.chooser().choose(this);
    }

    @SuppressWarnings("ReferenceEquality") // Which table it is counts, not what is in it.
    private boolean isSwapped() {
        return port.door().table() != table;
    }

    private void refreshTable() {
        if (isSwapped()) {
            table = port.door().table();
            tried.clear();
        }
    }

    private void lease(int row) {
        state = State.LEASING;
        leasedRow = row;
        tried.set(row);
        OriginPool chosen = lane.pool(table().rows().get(row));
        pool = chosen;
        switch (chosen.lease(this, freshness())) {
            case GIVEN -> {}
            case WAITING -> loop.deadlines.set(this, holdUntil);
            case FULL -> reply(Reply.unavailable("every replica is busy"));
        }
    }

    private OriginPool.Freshness freshness() {
        if (onlyFresh) {
            return OriginPool.Freshness.NEW;
        }
        return request().method().idempotent()
                ? OriginPool.Freshness.ANY
                : OriginPool.Freshness.JUST_USED;
    }

    private void hold() {
        long now = System.nanoTime();
        if (now - holdUntil >= 0) {
            reply(Reply.unavailable("no replica of this service accepts connections"));
            return;
        }
        if (!counted && !port.enterHold()) {
            reply(Reply.unavailable("too many requests wait for this service"));
            return;
        }
        counted = true;
        state = State.HELD;
        boolean again = table().source().intake() == Intake.SERVE;
        loop.deadlines.set(this, again ? Math.min(holdUntil, now + RETRY_PAUSE_NANOS) : holdUntil);
        waiting = true;
        port.door().hold(this);
        if (isSwapped()) {
            wake(); // It was swapped before we were among those to be woken.
        }
    }

    /// Looks again whether there is an endpoint. Any thread.
    @Override
    public void wake() {
        loop.loop.execute(() -> {
            lookAgain();
            loop.flush();
        });
    }

    private void lookAgain() {
        if (state == State.HELD) {
            stopWaiting();
            choose();
        }
    }

    private void stopWaiting() {
        if (waiting) {
            waiting = false;
            port.door().unhold(this);
        }
        loop.deadlines.unset(this);
    }

    // ---- sending

    /// The connection that was asked for is there.
    void leased(Origin given) {
        origin = given;
        state = State.SENT;
        attempts++;
        loop.deadlines.unset(this);
        given.send(this);
        kept.replay(given);
        if (requestEnded) {
            requestIsSent();
        } else {
            client.wantBody(given.takesMore());
        }
    }

    /// The connection that was asked for can't be had.
    void notLeased() {
        pool = null;
        choose();
    }

    /// Whether pieces of the request's body can be taken now.
    boolean takesBody() {
        return (state == State.SENT || state == State.ANSWERING)
                && origin != null
                && origin.takesMore();
    }

    /// A piece of the request's body, whose ownership passes.
    void requestBody(ByteBuf data) {
        Origin to = origin;
        if (to == null) {
            data.release();
            return;
        }
        kept.keep(data, state == State.SENT);
        to.requestBody(data);
        if (!to.takesMore()) {
            client.wantBody(false);
        }
    }

    /// The request's body is complete.
    void requestEnd(@Nullable Head trailers) {
        requestEnded = true;
        if (upgraded && answerEnded) {
            endTunnel();
            return;
        }
        kept.end(trailers);
        Origin to = origin;
        if (to != null) {
            to.requestEnd(trailers);
        }
        requestIsSent();
    }

    private void requestIsSent() {
        if (state == State.SENT && !Streaming.isStream(request())) {
            loop.deadlines.set(this, System.nanoTime() + port.options().answer().toNanos());
        }
    }

    /// The endpoint takes bytes of the request again.
    void originTakesMore() {
        if (!requestEnded) {
            client.wantBody(true);
        }
    }

    // ---- answering

    /// An interim answer (1xx but 101).
    void interim(Head answer) {
        client.interim(answer);
    }

    /// The head of the answer.
    void answer(Head answer) {
        state = State.ANSWERING;
        loop.deadlines.unset(this);
        kept.drop();
        status = answer.status();
        if (status == 101) {
            upgraded = true;
            requestEnded = false;
        }
        if (cookies != null && leasedRow != sticksTo) {
            cookies.give(leasedRow, answer, client.forwarded().secure());
        }
        client.answer(answer);
    }

    /// A piece of the answer's body, whose ownership passes.
    void answerBody(ByteBuf data) {
        client.answerBody(data);
        if (!client.takesMore() && origin != null) {
            origin.wantAnswer(false);
        }
    }

    /// The client takes bytes of the answer again.
    void clientTakesMore() {
        if (origin != null) {
            origin.wantAnswer(true);
        }
    }

    /// The answer is complete.
    void answerEnd(@Nullable Head trailers) {
        if (upgraded) {
            answerEnded = true;
            client.answerEnd(null);
            if (requestEnded) {
                endTunnel();
            }
            return;
        }
        Origin from = origin;
        origin = null;
        if (from != null) {
            if (requestEnded) {
                from.done();
            } else {
                from.cancel();
            }
        }
        over();
        client.answerEnd(trailers);
    }

    private void endTunnel() {
        release();
        over();
        client.tunnelOver();
    }

    /// Whether the client's side learns of the end of the request by an ended connection only.
    boolean upgraded() {
        return upgraded;
    }

    // ---- what goes wrong

    /// The connection to the endpoint ended.
    ///
    /// @param unprocessed whether the endpoint said that it did nothing with the request
    void broken(boolean unprocessed) {
        origin = null;
        pool = null;
        if (state == State.ANSWERING) {
            over();
            client.answerBroken();
        } else if (mayRepeat(unprocessed)) {
            repeat();
        } else {
            reply(Reply.of(502, "the replica closed the connection before it answered"));
        }
    }

    /// The endpoint's answer is no HTTP.
    void nonsense(String why) {
        origin = null;
        pool = null;
        lane.meters.nonsense(why);
        if (state == State.ANSWERING) {
            over();
            client.answerBroken();
        } else {
            reply(Reply.of(502, "the replica's answer is not valid HTTP"));
        }
    }

    private boolean mayRepeat(boolean unprocessed) {
        boolean harmless = unprocessed || request().method().idempotent();
        return state == State.SENT && harmless && kept.whole() && attempts < MOST_ATTEMPTS;
    }

    /// Sends the request again, on a fresh connection, to another endpoint if there is one.
    private void repeat() {
        loop.deadlines.unset(this);
        lane.meters.retried();
        client.wantBody(false);
        onlyFresh = true;
        state = State.LEASING;
        refreshTable();
        if (tried.cardinality() >= table().rows().size()) {
            tried.clear();
        }
        choose();
    }

    /// Takes the request away from an endpoint that is out of service, where that is safe and it
    /// has not answered yet.
    void moveAway() {
        Origin from = origin;
        if (from != null && mayRepeat(false) && lane.budget.retry()) {
            origin = null;
            from.cancel();
            repeat();
        }
    }

    /// What was to happen by now did not.
    @Override
    void passed() {
        switch (state) {
            case HELD -> {
                stopWaiting();
                tried.clear();
                choose();
            }
            case SENT -> reply(new Reply(504, "the replica took too long to answer", 0, false));
            case LEASING -> reply(Reply.unavailable("every replica is busy"));
            case OVER, ANSWERING -> {}
        }
        loop.flush();
    }

    /// The client is gone: nobody wants the answer.
    void clientGone() {
        if (state == State.OVER) {
            return;
        }
        release();
        status = status == 0 ? 499 : status;
        over();
    }

    /// The client's request can't go on.
    void requestFailed(Reply reply) {
        if (state == State.ANSWERING) {
            release();
            over();
            client.answerBroken();
        } else {
            reply(reply);
        }
    }

    /// An answer of our own.
    void reply(Reply reply) {
        release();
        status = reply.status();
        over();
        client.reply(reply);
    }

    private void release() {
        Origin from = origin;
        OriginPool leasing = pool;
        origin = null;
        pool = null;
        if (from != null) {
            from.cancel();
        } else if (leasing != null && state == State.LEASING) {
            leasing.withdraw(this);
        }
    }

    private void over() {
        stopWaiting();
        kept.drop();
        if (counted) {
            counted = false;
            port.leaveHold();
        }
        state = State.OVER;
        lane.meters.ended(this);
    }

    // ---- what a choice depends on

    @Override
    public RandomGenerator random() {
        return ThreadLocalRandom.current();
    }

    @Override
    public long turn() {
        if (turn < 0) {
            turn = port.door().nextTurn();
        }
        return turn;
    }

    @Override
    public int active(int index) {
        return table().rows().get(index).tally().active();
    }

    @Override
    public boolean excluded(int index) {
        return tried.get(index);
    }

    @Override
    public long clientKey() {
        return Keys.of(client.client().getAddress().getAddress());
    }
}
