package dev.sameport.admin;

import dev.sameport.admin.Result.Done;
import dev.sameport.admin.wire.ScaleOrder;
import dev.sameport.admin.wire.VersionPage;
import dev.sameport.admin.wire.Wire;
import dev.sameport.metrics.Exposition;
import dev.sameport.model.Change;
import dev.sameport.model.Problem;
import dev.sameport.model.ServiceName;
import dev.sameport.model.Snapshot;
import dev.sameport.provider.process.RunRequest;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/// Which request asks for what: the table of the API.
final class Router {
    /// The one path where it matters who asks.
    static final String RUN = "/v1/run";

    private final Control control;
    private final String version;

    /// By path, then by method.
    private final Map<String, Map<String, Function<Request, Reply>>> routes;

    Router(Control control, String version) {
        this.control = control;
        this.version = version;
        this.routes =
                new TreeMap<>(
                        Map.of(
                                "/v1/services",
                                Map.of("GET", this::services),
                                "/v1/replicas",
                                Map.of("GET", this::replicas),
                                "/v1/events",
                                Map.of("GET", this::events),
                                "/v1/explain",
                                Map.of("GET", this::explain),
                                "/v1/doctor",
                                Map.of("GET", this::doctor),
                                "/v1/version",
                                Map.of("GET", this::version),
                                "/v1/metrics",
                                Map.of("GET", this::metrics),
                                "/v1/publish",
                                Map.of("POST", this::publish, "DELETE", this::unpublish),
                                RUN,
                                Map.of("POST", this::run, "DELETE", this::stop)));
        routes.put("/v1/scale", Map.of("POST", this::scale));
        routes.put("/v1/shutdown", Map.of("POST", this::shutdown));
    }

    /// Answers; throws `Rejection` for what can't be.
    Reply answer(Request request) {
        Map<String, Function<Request, Reply>> methods = routes.get(request.path());
        if (methods == null) {
            throw new Rejection(
                    404,
                    new Problem(
                            Printable.text(request.path()),
                            "there is no such path",
                            "use one of " + String.join(", ", routes.keySet())));
        }
        Function<Request, Reply> route = methods.get(request.method());
        if (route == null) {
            throw new Rejection(
                    405,
                    new Problem(
                            request.path(),
                            "it does not take " + Printable.text(request.method()),
                            "use " + String.join(" or ", new TreeMap<>(methods).keySet())));
        }
        return route.apply(request);
    }

    private Reply services(Request request) {
        Snapshot snapshot = control.snapshot();
        return request.json()
                ? json(ServicesView.wire(snapshot))
                : text(ServicesView.text(snapshot, request.paint()));
    }

    private Reply replicas(Request request) {
        Snapshot snapshot = control.snapshot();
        return request.json()
                ? json(ReplicasView.wire(snapshot))
                : text(ReplicasView.text(snapshot, request.paint()));
    }

    private Reply events(Request request) {
        return new Reply.Stream(
                "",
                request.number("since", 0),
                request.flag("follow"),
                request.json(),
                request.paint(),
                _ -> true,
                () -> {});
    }

    private Reply explain(Request request) {
        String subject = request.need("subject");
        Snapshot snapshot = control.snapshot();
        Explanation explanation = Explainer.explain(snapshot, subject);
        if (explanation.sections().isEmpty() && explanation.problems().isEmpty()) {
            throw new Rejection(404, nothingCalled("explain", subject));
        }
        return request.json()
                ? json(ExplanationView.wire(explanation))
                : text(ExplanationView.text(explanation, request.paint()));
    }

    private static Problem nothingCalled(String order, String subject) {
        return new Problem(
                order + " " + Printable.text(subject),
                "no service, published port or replica is called that",
                "see `sameport ls` and `sameport ps`; a container joins by its label sameport.publish");
    }

    private Reply doctor(Request request) {
        var checks = control.doctor();
        return request.json()
                ? new Reply.Page(200, Reply.JSON, ChecksView.json(checks))
                : text(ChecksView.text(checks, request.flag("color")));
    }

    private Reply version(Request request) {
        return request.json()
                ? json(new VersionPage(Wire.VERSION, version))
                : text("sameport " + version + "\n");
    }

    private Reply metrics(Request request) {
        return new Reply.Page(
                200, Exposition.CONTENT_TYPE, Metrics.text(control.snapshot(), version));
    }

    private Reply publish(Request request) {
        return Reply.of(control.publish(Orders.publish(request)), request.json());
    }

    private Reply unpublish(Request request) {
        String subject = request.need("subject");
        ServiceName service = new Subject(subject).service(control.snapshot());
        if (service == null && subject.matches("[0-9].*[:/].*|[0-9]+|\\[.*")) {
            throw new Rejection(404, nothingCalled("unpublish", subject));
        }
        ServiceName name = service == null ? Orders.name("unpublish", subject) : service;
        return Reply.of(control.unpublish(name), request.json());
    }

    private Reply run(Request request) {
        RunRequest order = Orders.run(request);
        long before = control.changes().last();
        Result result = control.run(order);
        if (result instanceof Done(String text) && request.flag("attach")) {
            // The replicas live as long as the connection, however the client ends.
            return new Reply.Stream(
                    request.json() ? "" : text + "\n",
                    before,
                    true,
                    request.json(),
                    request.paint(),
                    change -> concerns(change, order.name()),
                    () -> control.stop(order.name()));
        }
        return Reply.of(result, request.json());
    }

    private static boolean concerns(Change change, ServiceName name) {
        // Replicas are called after their service, without the characters that files can't have.
        String replicas = name.value().replaceAll("[^A-Za-z0-9_.-]", "-") + "-";
        return change.subject().startsWith("endpoint " + replicas)
                || change.text().startsWith(name + " ");
    }

    private Reply stop(Request request) {
        ServiceName name = Orders.name("run --stop", request.need("subject"));
        return Reply.of(control.stop(name), request.json());
    }

    private Reply scale(Request request) {
        ScaleOrder order = Orders.scale(request);
        ServiceName name = Orders.name("scale", order.name());
        return Reply.of(control.scale(name, order.replicas()), request.json());
    }

    private Reply shutdown(Request request) {
        return Reply.of(control.shutdown(request.flag("remove-rules")), request.json());
    }

    private static Reply text(String text) {
        return new Reply.Page(200, Reply.TEXT, text);
    }

    private static Reply json(Object record) {
        return new Reply.Page(200, Reply.JSON, Wire.page(record));
    }
}
