package dev.sameport.admin;

import dev.sameport.admin.wire.Wire;
import dev.sameport.metrics.Exposition;
import dev.sameport.model.Change;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/// Which request leads to which answer. Text for people unless the path ends in `.json`; text is
/// coloured if the target ends in `?color=1`.
final class Routes {
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String JSON = "application/json";
    private static final String JSON_LINES = "application/x-ndjson";
    private static final String METRICS = "text/plain; version=0.0.4; charset=utf-8";
    private static final String EXPLAIN = "/v1/explain/";
    private static final String COLOUR = "?color=1";

    private final Control control;

    Routes(Control control) {
        this.control = control;
    }

    /// An answer in one piece, or one that goes on until the client leaves.
    sealed interface Answer {
        record Whole(int status, String type, String body) implements Answer {}

        record Stream(String type, Opener opener) implements Answer {}
    }

    /// Begins a stream. Called once for each; what it gives back is closed once.
    interface Opener {
        Handle open(Consumer<String> line);
    }

    /// Ends a stream.
    interface Handle extends AutoCloseable {
        @Override
        void close();
    }

    Answer answer(String method, String target, String body, Caller caller) {
        boolean coloured = target.endsWith(COLOUR);
        String path = coloured ? target.substring(0, target.length() - COLOUR.length()) : target;
        Paint paint = coloured ? Paint.COLOURED : Paint.PLAIN;
        try {
            return switch (method) {
                case "GET" -> get(path, paint);
                case "POST" -> post(path, Form.parse(body), caller);
                default -> failure(405, "method " + Printable.text(method) + " is not GET or POST");
            };
        } catch (IllegalArgumentException e) {
            return failure(400, String.valueOf(e.getMessage()));
        } catch (IllegalStateException e) {
            return failure(409, String.valueOf(e.getMessage()));
        } catch (NoSuchPath e) {
            return failure(404, String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            return failure(500, "the daemon failed at that: " + e + "; please report it");
        }
    }

    private static final class NoSuchPath extends RuntimeException {
        private static final long serialVersionUID = 1;

        NoSuchPath(String path) {
            super("there is nothing at " + Printable.text(path));
        }
    }

    private Answer get(String path, Paint paint) {
        return switch (path) {
            case "/v1/services" -> text(Tables.services(control.snapshot(), paint));
            case "/v1/services.json", "/v1/replicas.json" ->
                    json(Wire.services(control.snapshot()));
            case "/v1/replicas" -> text(Tables.replicas(control.snapshot(), paint));
            case "/v1/events" -> text(lines(Tables::change));
            case "/v1/events.json" -> new Answer.Whole(200, JSON_LINES, lines(Wire::change));
            case "/v1/events/follow" -> new Answer.Stream(TEXT, follow(Tables::change));
            case "/v1/events/follow.json" -> new Answer.Stream(JSON_LINES, follow(Wire::change));
            case "/v1/doctor" -> text(Tables.checks(control.checks(), paint));
            case "/v1/doctor.json" -> json(Wire.checks(control.checks()));
            case "/v1/metrics" -> new Answer.Whole(200, METRICS, Exposition.of(control.snapshot()));
            case "/v1/version" -> text(control.version() + "\n");
            default -> explain(path, paint);
        };
    }

    private Answer explain(String path, Paint paint) {
        if (!path.startsWith(EXPLAIN)) {
            throw new NoSuchPath(path);
        }
        // A subject has no slash of its own (it is encoded), so the suffix can't be part of it.
        String rest = path.substring(EXPLAIN.length());
        boolean json = rest.endsWith("/json");
        String subject = decode(json ? rest.substring(0, rest.length() - "/json".length()) : rest);
        Explanation explanation = Explainer.explain(control.snapshot(), subject);
        return json
                ? json(Wire.explanation(explanation))
                : text(Tables.explanation(explanation, paint));
    }

    private interface Line {
        String of(Change change);
    }

    private String lines(Line line) {
        StringBuilder lines = new StringBuilder();
        control.changes().forEach(change -> lines.append(line.of(change)));
        return lines.toString();
    }

    private Opener follow(Line line) {
        return sink -> handle(control.follow(change -> sink.accept(line.of(change))));
    }

    private static Handle handle(AutoCloseable following) {
        return () -> {
            try {
                following.close();
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        };
    }

    private Answer post(String path, Form form, Caller caller) {
        return switch (path) {
            case "/v1/publish" -> done(control.publish(publish(form)));
            case "/v1/unpublish" -> done(control.unpublish(form.one("name")));
            case "/v1/run" -> done(control.run(run(form), caller));
            case "/v1/run/attached" -> attached(run(form), caller);
            case "/v1/scale" -> done(control.scale(form.one("name"), number(form.one("scale"))));
            default -> throw new NoSuchPath(path);
        };
    }

    private static PublishCall publish(Form form) {
        PublishCall call =
                new PublishCall(form.one("name"), form.map("setting"), form.all("endpoint"));
        call.endpoints().forEach(MemberGrammar::parse);
        return call;
    }

    private static RunCall run(Form form) {
        return new RunCall(
                form.one("name"),
                number(form.one("scale")),
                form.map("setting"),
                form.all("command"),
                form.map("environment"),
                form.one("directory"));
    }

    /// The replicas live as long as the connection, however the client ends.
    private Answer attached(RunCall call, Caller caller) {
        String said = control.run(call, caller);
        String replicas = "endpoint " + call.name().replaceAll("[^A-Za-z0-9_.-]", "-") + "-";
        return new Answer.Stream(
                TEXT,
                sink -> {
                    sink.accept(said + "\n");
                    Handle following =
                            handle(
                                    control.follow(change -> {
                                        if (change.subject().startsWith(replicas)) {
                                            sink.accept(Tables.change(change));
                                        }
                                    }));
                    return () -> {
                        following.close();
                        control.scale(call.name(), 0);
                    };
                });
    }

    private static int number(String text) {
        if (!text.matches("[0-9]{1,6}")) {
            throw new IllegalArgumentException(
                    "scale '" + Printable.text(text) + "' is not a whole number");
        }
        return Integer.parseInt(text);
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    private static Answer done(String sentence) {
        return text(sentence + "\n");
    }

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
