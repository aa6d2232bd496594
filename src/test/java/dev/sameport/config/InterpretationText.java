package dev.sameport.config;

import dev.sameport.model.EndpointSpec;
import dev.sameport.model.Policies;
import dev.sameport.model.PortSpec;
import dev.sameport.model.Problem;
import dev.sameport.model.Reach;
import dev.sameport.model.SandboxPort;
import dev.sameport.model.ServiceSpec;

/// The lower half of a golden file.
final class InterpretationText {
    private final StringBuilder text = new StringBuilder();

    private InterpretationText() {}

    static String of(Interpretation interpretation) {
        InterpretationText writer = new InterpretationText();
        interpretation.services().forEach(writer::service);
        for (Problem problem : interpretation.problems()) {
            writer.line("problem " + problem.where());
            writer.line("  what " + problem.what());
            writer.line("  fix  " + problem.fix());
        }
        interpretation
                .stranded()
                .forEach(stranded -> writer.line("stranded " + stranded.replica()));
        return writer.text.toString();
    }

    private void service(ServiceSpec service) {
        line("service " + service.name() + (service.permanent() ? " permanent" : ""));
        if (!service.policies().equals(Policies.DEFAULT)) {
            line("  " + service.policies());
        }
        for (PortSpec port : service.ports()) {
            line("  " + port.published() + names(port));
            for (SandboxPort shared : port.sandboxes()) {
                String held = shared.sandbox().holdsPort() ? ", which holds the host's port" : "";
                line("    shared in " + shared.sandbox().name() + ":" + shared.port() + held);
            }
            port.endpoints().forEach(this::endpoint);
        }
    }

    private static String names(PortSpec port) {
        return port.serverNames().isEmpty() ? "" : " for " + String.join(", ", port.serverNames());
    }

    private void endpoint(EndpointSpec endpoint) {
        String weight =
                endpoint.weight().value() == 1 ? "" : " weight " + endpoint.weight().value();
        line(
                "    "
                        + Escaped.text(endpoint.name())
                        + " "
                        + endpoint.addresses()
                        + reach(endpoint.reach())
                        + weight
                        + (endpoint.sandbox() == null ? "" : " in " + endpoint.sandbox().name()));
    }

    private static String reach(Reach reach) {
        return switch (reach) {
            case Reach.OnBridge(String bridge) -> " on " + bridge;
            case Reach.OnHost() -> " on the host";
            case Reach.ThroughPublished _ -> " through a published port";
            case Reach.Plain() -> " plain";
            case Reach.Unreachable _ -> " unreachable";
        };
    }

    private void line(String line) {
        text.append(line).append('\n');
    }
}
