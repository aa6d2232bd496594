package dev.sameport.admin;

import dev.sameport.admin.wire.Wire;
import dev.sameport.metrics.Exposition;
import java.util.function.Consumer;

/// Which request leads to which answer. Text for people unless the path ends in `.json`.
final class Routes {
    private final Control control;

    Routes(Control control) {
        this.control = control;
    }

    /// An answer in one piece, or one that goes on until the client leaves.
    sealed interface Answer {
        record Whole(int status, String type, String body) implements Answer {}

        record Stream(String type, Opener opener) implements Answer {}
    }

    /// Begins a stream; the handle ends it.
    interface Opener {
        AutoCloseable open(Consumer<String> line);
    }

    Answer answer(String method, String path, String body, Caller caller) {
        try {
            return switch (method) {
                case "GET" -> get(path);
                case "POST" -> text(post(path, Form.parse(body), caller) + "\n");
                default -> failure(405, "method " + method + " is not GET or POST");
            };
        } catch (IllegalArgumentException e) {
            return failure(400, String.valueOf(e.getMessage()));
        } catch (IllegalStateException e) {
            return failure(409, String.valueOf(e.getMessage()));
        } catch (NoSuchPath e) {
            return failure(404, String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            return failure(500, "the daemon failed at that: " + e.getMessage());
        }
    }

    private static final class NoSuchPath extends RuntimeException {
        private static final long serialVersionUID = 1;

        NoSuchPath(String path) {
            super("there is nothing at " + path);
        }
    }

    private Answer get(String path) {
        return switch (path) {
            case "/v1/services" -> text(Tables.services(control.snapshot()));
            case "/v1/services.json", "/v1/replicas.json" ->
                    json(Wire.services(control.snapshot()));
            case "/v1/replicas" -> text(Tables.replicas(control.snapshot()));
            case "/v1/events" -> events(false);
            case "/v1/events.json" -> events(true);
            case "/v1/events/follow" ->
                    new Answer.Stream(
                            TEXT, sink -> control.follow(c -> sink.accept(Tables.change(c))));
            case "/v1/events/follow.json" ->
                    new Answer.Stream(
                            JSON, sink -> control.follow(c -> sink.accept(Wire.change(c))));
            case "/v1/doctor" -> text(Tables.checks(control.checks()));
            case "/v1/doctor.json" -> json(Wire.checks(control.checks()));
            case "/v1/metrics" -> text(Exposition.of(control.snapshot()));
            case "/v1/version" -> text(control.version() + "\n");
            default -> {
                if (path.startsWith("/v1/explain/")) {
                    yield text(
                            Explanations.of(
                                    control.snapshot(),
                                    decode(path.substring("/v1/explain/".length()))));
                }
                throw new NoSuchPath(path);
            }
        };
    }

    private Answer events(boolean asJson) {
        StringBuilder lines = new StringBuilder();
        control.changes()
                .forEach(change ->
                        lines.append(asJson ? Wire.change(change) : Tables.change(change)));
        return asJson ? json(lines.toString()) : text(lines.toString());
    }

    private String post(String path, Form form, Caller caller) {
        return switch (path) {
            case "/v1/publish" ->
                    control.publish(
                            new PublishCall(
                                    form.one("name"), form.map("setting"), form.all("endpoint")));
            case "/v1/unpublish" -> control.unpublish(form.one("name"));
            case "/v1/run" ->
                    control.run(
                            new RunCall(
                                    form.one("name"),
                                    number(form.one("scale")),
                                    form.map("setting"),
                                    form.all("command"),
                                    form.map("environment"),
                                    form.one("directory")),
                            caller);
            case "/v1/scale" -> control.scale(form.one("name"), number(form.one("scale")));
            default -> throw new NoSuchPath(path);
        };
    }

    private static int number(String text) {
        if (!text.matches("[0-9]{1,6}")) {
            throw new IllegalArgumentException("scale '" + text + "' is not a whole number");
        }
        return Integer.parseInt(text);
    }

    private static String decode(String text) {
        return java.net.URLDecoder.decode(text, java.nio.charset.StandardCharsets.UTF_8);
    }

    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String JSON = "application/json";

    private static Answer text(String body) {
        return new Answer.Whole(200, TEXT, body);
    }

    private static Answer json(String body) {
        return new Answer.Whole(200, JSON, body);
    }

    static Answer.Whole failure(int status, String message) {
        return new Answer.Whole(status, TEXT, message + "\n");
    }
}
