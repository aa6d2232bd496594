package dev.sameport.engine;

import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// Asks one engine, over its unix socket, each time on a connection of its own. The calls are
/// listed in `docs/engine-api.md`: the daemon's six only read, the others are for sandboxes.
/// Blocking: for virtual threads.
public final class EngineClient {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    /// For a stop with its ten seconds, or an image on a busy disk.
    private static final Duration SLOW = Duration.ofSeconds(60);

    private static final int OK = 200;
    private static final int NOT_MODIFIED = 304;
    private static final int MAX_LIST = 16 << 20;
    private static final int MAX_ANSWER = 4 << 20;
    private static final int MAX_EVENT = 1 << 20;

    /// The newest API whose answers this client was tried with; the parts that it reads have not
    /// changed since 1.24.
    private static final ApiVersion NEWEST = new ApiVersion(1, 56);

    private final Path socket;
    private final Duration timeout;
    private volatile String prefix = "";
    private volatile String architecture = "";

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
        architecture = version.text("Arch");
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

    /// The engine's processor, such as `amd64`, once `negotiate` has asked; empty where it does not
    /// tell.
    public String architecture() {
        return architecture;
    }

    /// Whether there is an image of that name, such as `busybox:latest`.
    public boolean hasImage(String name) {
        Answer answer = exchange(Call.get(image(name) + "/json"), timeout);
        if (!answer.done() && !answer.notFound()) {
            throw answer.refusal();
        }
        return answer.done();
    }

    /// Imports the images of a Docker image archive.
    public void loadImage(byte[] archive) {
        Call call = Call.post(prefix + "/images/load?quiet=1", "application/x-tar", archive);
        LoadReport.check(where(call), accepted(call, SLOW).bytes());
    }

    /// Takes a name from an image, and removes the image if it has no other.
    ///
    /// @return whether there was one
    public boolean removeImage(String name) {
        return thereWas(Call.delete(image(name)));
    }

    /// Makes a container, without starting it.
    ///
    /// @return its id
    /// @throws EngineException with `nameTaken()` when there is one of that name
    public String create(NewContainer container) {
        Call call =
                Call.post(
                        prefix + "/containers/create?name=" + safe(container.name()),
                        "application/json",
                        container.json());
        return safe(accepted(call, SLOW).json().needText("Id"));
    }

    /// Starts a container; one that runs already is left alone.
    public void start(String id) {
        Call call = Call.post(container(id) + "/start");
        Answer answer = exchange(call, SLOW);
        if (!answer.done() && answer.status() != NOT_MODIFIED) {
            throw answer.refusal();
        }
    }

    /// Stops a container, by force if it has not ended after ten seconds, and starts it again.
    public void restart(String id) {
        accepted(Call.post(container(id) + "/restart?t=10"), SLOW);
    }

    /// Stops a container, by force if it has not ended after ten seconds, and removes it.
    ///
    /// @return whether there was one
    public boolean remove(String id) {
        Answer stopped = exchange(Call.post(container(id) + "/stop?t=10"), SLOW);
        if (stopped.notFound()) {
            return false;
        }
        // Whatever else was answered: the forced removal ends it, or says why it can't.
        return thereWas(Call.delete(container(id) + "?force=true&v=true"));
    }

    private String container(String id) {
        return prefix + "/containers/" + safe(id);
    }

    private String image(String name) {
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9_.:/@-]{0,255}") || name.contains("..")) {
            throw new EngineException(
                    "engine at " + socket + ": '" + name + "' is not the name of an image");
        }
        return prefix + "/images/" + name;
    }

    private boolean thereWas(Call call) {
        Answer answer = exchange(call, SLOW);
        if (!answer.done() && !answer.notFound()) {
            throw answer.refusal();
        }
        return answer.done();
    }

    private Json get(String target) {
        return get(target, MAX_ANSWER);
    }

    private Json get(String target, int limit) {
        Answer answer = exchange(Call.get(target), timeout, limit);
        if (answer.status() != OK) {
            throw answer.refusal();
        }
        return answer.json();
    }

    /// What changes something is answered when it is done, which a busy disk delays.
    private Answer accepted(Call call, Duration patience) {
        Answer answer = exchange(call, patience);
        if (!answer.done()) {
            throw answer.refusal();
        }
        return answer;
    }

    private Answer exchange(Call call, Duration patience) {
        return exchange(call, patience, MAX_ANSWER);
    }

    private Answer exchange(Call call, Duration patience, int limit) {
        Answer answer = new Answer(where(call), limit);
        try (UnixHttp http = new UnixHttp(socket)) {
            http.exchange(call, patience, true, answer);
        }
        return answer;
    }

    private String where(Call call) {
        return "engine at " + socket + ", " + call;
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
            http.exchange(Call.get(target), timeout, false, new Stream(where, opened, each));
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
