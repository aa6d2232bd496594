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
    private static final int MAX_ANSWER = 16 << 20;
    private static final int MAX_EVENT = 1 << 20;

    /// The newest API whose answers this client was tried with; the parts that it reads have not
    /// changed since 1.24.
    private static final ApiVersion NEWEST = new ApiVersion(1, 52);

    private final Path socket;
    private volatile String prefix = "";

    public EngineClient(Path socket) {
        this.socket = socket;
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

    /// The ids of all containers, stopped ones included.
    public List<String> containers() {
        List<String> ids = new ArrayList<>();
        for (Json container : get(prefix + "/containers/json?all=true").elements()) {
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

    /// All networks.
    public List<Network> networks() {
        List<Network> networks = new ArrayList<>();
        for (Json network : get(prefix + "/networks").elements()) {
            networks.add(Network.read(network));
        }
        return networks;
    }

    /// Ids come from the engine, and go back into a path: nothing but what ids are made of.
    private static String safe(String id) {
        if (!id.matches("[A-Za-z0-9_.:-]{1,256}")) {
            throw new EngineException("id '" + id + "' has characters that no id has");
        }
        return id;
    }

    private Json get(String target) {
        String where = "engine at " + socket + ", GET " + target;
        Answer answer = new Answer(where, MAX_ANSWER);
        try (UnixHttp http = new UnixHttp(socket)) {
            http.get(target, TIMEOUT, true, answer);
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

        /// Reads until the stream ends, which it does with an exception.
        ///
        /// @param opened called once the engine has begun to record events for us
        public void read(Runnable opened, Consumer<EngineEvent> each) {
            String filters = "{\"type\":[\"container\",\"network\"]}";
            String target =
                    prefix
                            + "/events?filters="
                            + URLEncoder.encode(filters, StandardCharsets.UTF_8);
            Lines lines = new Lines("engine at " + socket + ", GET /events", opened, each);
            http.get(target, TIMEOUT, false, lines);
            throw new EngineException("engine at " + socket + ": the event stream ended");
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

    /// Cuts a stream into lines, each an event.
    private static final class Lines implements UnixHttp.Sink {
        private final String where;
        private final Runnable opened;
        private final Consumer<EngineEvent> each;
        private final ByteArrayOutputStream line = new ByteArrayOutputStream();

        Lines(String where, Runnable opened, Consumer<EngineEvent> each) {
            this.where = where;
            this.opened = opened;
            this.each = each;
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
            while (bytes.hasRemaining()) {
                byte next = bytes.get();
                if (next == '\n') {
                    end();
                } else if (line.size() >= MAX_EVENT) {
                    throw new EngineException(
                            where + ": an event is larger than " + MAX_EVENT + " bytes");
                } else {
                    line.write(next);
                }
            }
        }

        private void end() {
            byte[] text = line.toByteArray();
            line.reset();
            if (text.length > 0) {
                each.accept(EngineEvent.read(Json.parse(where, text)));
            }
        }
    }
}
