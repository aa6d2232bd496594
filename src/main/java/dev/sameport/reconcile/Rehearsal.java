package dev.sameport.reconcile;

import dev.sameport.model.Desired;
import dev.sameport.model.EndpointId;
import dev.sameport.model.PortSpec;
import dev.sameport.model.ServiceSpec;
import dev.sameport.provider.Signal;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

/// Plans the lives of a service's endpoints as the loop does, on paper: they start, answer their
/// probes, and one dies.
public final class Rehearsal {
    private Rehearsal() {}

    /// Plays it once.
    ///
    /// @param applied told of each state that the loop would apply
    public static void play(List<ServiceSpec> services, Consumer<Desired> applied) {
        Instant now = Instant.now();
        Memory memory = step(services, Memory.EMPTY, now, applied);
        EndpointId dies = null;
        for (ServiceSpec service : services) {
            for (PortSpec port : service.ports()) {
                for (var endpoint : port.endpoints()) {
                    memory = memory.with(new Probed(endpoint.id(), true, true));
                    dies = endpoint.id();
                }
            }
        }
        memory = step(services, memory, now, applied);
        if (dies != null) {
            memory = memory.with(new Signal.Died(dies.replica(), now));
        }
        Memory _ = step(services, memory, now, applied);
    }

    private static Memory step(
            List<ServiceSpec> services, Memory memory, Instant now, Consumer<Desired> applied) {
        Plan plan = Planner.plan(services, memory, now);
        applied.accept(new Desired(1, plan.services()));
        return plan.memory();
    }
}
