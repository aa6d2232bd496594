package dev.sameport.admin;

import dev.sameport.admin.wire.PublishOrder;
import dev.sameport.admin.wire.RunOrder;
import dev.sameport.admin.wire.ScaleOrder;
import dev.sameport.admin.wire.Wire;
import dev.sameport.config.BadValue;
import dev.sameport.config.LabelKey;
import dev.sameport.config.Reading;
import dev.sameport.config.SameportLabels;
import dev.sameport.model.Declaration;
import dev.sameport.model.Labels;
import dev.sameport.model.Problem;
import dev.sameport.model.ServiceName;
import dev.sameport.provider.process.RunRequest;
import java.util.SortedMap;

/// Bodies of orders, read into the model; what is wrong with them is a `Rejection`.
final class Orders {
    private static final int MAX_ENDPOINTS = 10_000;

    private Orders() {}

    static Declaration publish(Request request) {
        PublishOrder order = read(request, PublishOrder.class);
        String where = "publish " + Printable.text(order.name());
        if (order.endpoints().isEmpty() || order.endpoints().size() > MAX_ENDPOINTS) {
            throw Rejection.bad(
                    where,
                    "it names " + order.endpoints().size() + " endpoints",
                    "name 1 to " + MAX_ENDPOINTS);
        }
        return checked(
                where,
                () ->
                        new Declaration(
                                "publish",
                                new ServiceName(order.name()),
                                settings(where, order.settings()),
                                order.endpoints().stream().map(MemberGrammar::parse).toList()));
    }

    static RunRequest run(Request request) {
        RunOrder order = read(request, RunOrder.class);
        String where = "run " + Printable.text(order.name());
        PeerCredentials peer = request.peer();
        if (peer == null) {
            throw Rejection.bad(
                    where,
                    "this daemon can't tell who asks, and replicas never run as the daemon's user",
                    "start the command yourself and use `sameport publish`");
        }
        return checked(
                where,
                () ->
                        new RunRequest(
                                new ServiceName(order.name()),
                                order.scale(),
                                settings(where, order.settings()),
                                order.command(),
                                order.environment(),
                                order.directory(),
                                new RunRequest.Owner(peer.user(), peer.group(), peer.groups())));
    }

    static ScaleOrder scale(Request request) {
        ScaleOrder order = read(request, ScaleOrder.class);
        if (order.replicas() < 0 || order.replicas() > RunRequest.MAX_SCALE) {
            throw Rejection.bad(
                    "scale " + Printable.text(order.name()),
                    order.replicas() + " is outside 0–" + RunRequest.MAX_SCALE,
                    "choose a number in that range");
        }
        return order;
    }

    static ServiceName name(String where, String text) {
        return checked(where, () -> new ServiceName(text));
    }

    private static Labels settings(String where, SortedMap<String, String> settings) {
        for (String key : settings.keySet()) {
            if (!key.startsWith(LabelKey.PREFIX)) {
                throw Rejection.bad(
                        where,
                        "'" + Printable.text(key) + "' is not a label of ours",
                        "settings begin with " + LabelKey.PREFIX);
            }
        }
        Labels labels = new Labels(settings);
        Reading reading = SameportLabels.read(where, labels);
        boolean unknown = reading.valid().size() < settings.size();
        if (unknown && !reading.problems().isEmpty()) {
            throw new Rejection(400, reading.problems().getFirst());
        }
        if (!settings.containsKey(SameportLabels.PUBLISH)) {
            throw Rejection.bad(where, "it publishes no port", "say which, such as 80:8080");
        }
        return labels;
    }

    private static <T> T read(Request request, Class<T> type) {
        try {
            return Wire.read(request.body(), type);
        } catch (IllegalArgumentException e) {
            throw Rejection.bad(
                    request.path(),
                    String.valueOf(e.getMessage()),
                    "see docs/admin.md for its form");
        }
    }

    private interface Reader<T> {
        T read();
    }

    private static <T> T checked(String where, Reader<T> reader) {
        try {
            return reader.read();
        } catch (BadValue e) {
            throw new Rejection(400, e.at(where));
        } catch (IllegalArgumentException | NullPointerException e) {
            throw new Rejection(
                    400,
                    new Problem(where, String.valueOf(e.getMessage()), "correct it and try again"));
        }
    }
}
