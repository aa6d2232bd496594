package dev.sameport.engine;

import java.io.ByteArrayOutputStream;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// Asks one engine, over its unix socket. Six read-only calls, listed in `docs/engine-api.md`; each
/// on a connection of its own. Blocking: for virtual threads.
public final class EngineClient {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int MAX_LIST = 16 << 20;
    private static final int MAX_ANSWER = 4 << 20;
    private static final int MAX_EVENT = 1 << 20;

    /// The newest API whose answers this client was tried with; the parts that it reads have not
    /// changed since 1.24.
    private static final ApiVersion NEWEST = new ApiVersion(1, 56);

    private final Path socket;
    private final Duration timeout;
    private volatile String prefix = "";

    public EngineClient(Path socket) {
        this(socket, TIMEOUT);
    }

    /// @param timeout for each answer; for the head only where events are read
    EngineClient(Path socket, Duration timeout) {
        this.socket = socket;
        this.timeout = timeout;
    }

    /// Where the engine listens.
    public Path socket() {
        return socket;
    }

    /// Finds out who answers and settles on an API version; to be called first.
    ///
    /// @throws EngineException when nobody answers, or only an API that is newer than this client
    ///   knows
    public EngineVersion negotiate() {
        Json version = get("/version");
        ApiVersion theirs = ApiVersion.parse(version.where(), version.needText("ApiVersion"));
        String minimum = version.text("MinAPIVersion");
        ApiVersion api = theirs.compareTo(NEWEST) < 0 ? theirs : NEWEST;
        if (!minimum.isEmpty() && api.compareTo(ApiVersion.parse(version.where(), minimum)) < 0) {
            // Engines keep answering what this client reads; their minimum is spoken rather than
            // giving up.
            api = ApiVersion.parse(version.where(), minimum);
        }
        prefix = "/v" + api;
        return new EngineVersion(kind(version), version.text("Version"), api.toString());
    }

    private static EngineVersion.Kind kind(Json version) {
        for (Json component : version.list("Components")) {
            if (component.text("Name").startsWith("Podman")) {
                return EngineVersion.Kind.PODMAN;
            }
        }
        return EngineVersion.Kind.DOCKER;
    }

    /// The ids of all containers. Stopped ones are included: who shares with whom, and who holds a
    /// claim, does not change because a container is down for a moment.
    public List<String> containers() {
        List<String> ids = new ArrayList<>();
        Json list = get(prefix + "/containers/json?all=true", MAX_LIST);
        // Both engines write [] for none; anything else must not be taken for it.
        for (Json container : list.needElements()) {
            ids.add(container.needText("Id"));
        }
        return ids;
    }

    /// One container.
    ///
    /// @throws EngineException with `notFound()` when it is gone
    public Container inspect(String id) {
        return Container.read(get(prefix + "/containers/" + safe(id) + "/json"));
    }

    /// The labels of an image.
    public Map<String, String> imageLabels(String id) {
        return get(prefix + "/images/" + safe(id) + "/json").object("Config").texts("Labels");
    }

    /// One network.
    ///
    /// @param id its id or name, as `Container.Attached.networkId` has it
    /// @throws EngineException with `notFound()` when there is none
    public Network network(String id) {
        return Network.read(get(prefix + "/networks/" + safe(id)));
    }

    /// Ids come from the engine, and go back into a path: nothing but what ids are made of.
    private String safe(String id) {
        if (!id.matches("[A-Za-z0-9][A-Za-z0-9_.:-]{0,255}")) {
            throw new EngineException(
                    "engine at " + socket + ": id '" + id + "' has characters that no id has");
        }
        return id;
    }

    private Json get(String target) {
        return get(target, MAX_ANSWER);
    }

    private Json get(String target, int limit) {
        String where = "engine at " + socket + ", GET " + target;
        Answer answer = new Answer(where, limit);
        try (UnixHttp http = new UnixHttp(socket)) {
            http.get(target, timeout, true, answer);
        }
        if (answer.status != 200) {
            throw new EngineException(
                    where + ": status " + answer.status + " " + answer.excerpt(), answer.status);
        }
        return Json.parse(where, answer.bytes.toByteArray());
    }

    /// A stream of events that is being read; closing it ends the reading.
    public final class Events implements AutoCloseable {
        private final UnixHttp http = new UnixHttp(socket);

        /// Reads until the stream ends, which it does with an exception. To be called once.
        ///
        /// @param opened called once the engine has begun to record events for us
        public void read(Runnable opened, Consumer<EngineEvent> each) {
            String filters = "{\"type\":[\"container\",\"network\"]}";
            String target =
                    prefix
                            + "/events?filters="
                            + URLEncoder.encode(filters, StandardCharsets.UTF_8);
            String where = "engine at " + socket + ", GET /events";
            http.get(target, timeout, false, new Stream(where, opened, each));
            throw new EngineUnreachableException(
                    "engine at " + socket + ": the event stream ended");
        }

        @Override
        public void close() {
            http.close();
        }
    }

    /// Prepares to read events.
    public Events events() {
        return new Events();
    }

    /// A bounded answer in memory.
    private static final class Answer implements UnixHttp.Sink {
        private final String where;
        private final int limit;
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private int status;

        Answer(String where, int limit) {
            this.where = where;
            this.limit = limit;
        }

        @Override
        public void head(int status) {
            this.status = status;
        }

        @Override
        public void body(ByteBuffer piece) {
            if (bytes.size() + piece.remaining() > limit) {
                throw new EngineException(
                        where + ": the answer is larger than " + limit + " bytes");
            }
            byte[] copy = new byte[piece.remaining()];
            piece.get(copy);
            bytes.writeBytes(copy);
        }

        String excerpt() {
            String text = bytes.toString(StandardCharsets.UTF_8).strip();
            return text.length() > 200 ? text.substring(0, 200) + "…" : text;
        }
    }

    /// A stream of events, as it comes.
    private static final class Stream implements UnixHttp.Sink {
        private final String where;
        private final Runnable opened;
        private final JsonCutter cutter;

        Stream(String where, Runnable opened, Consumer<EngineEvent> each) {
            this.where = where;
            this.opened = opened;
            this.cutter =
                    new JsonCutter(
                            where,
                            MAX_EVENT,
                            text -> each.accept(EngineEvent.read(Json.parse(where, text))));
        }

        @Override
        public void head(int status) {
            if (status != 200) {
                throw new EngineException(where + ": status " + status, status);
            }
            opened.run();
        }

        @Override
        public void body(ByteBuffer bytes) {
            cutter.feed(bytes);
        }
    }
}
