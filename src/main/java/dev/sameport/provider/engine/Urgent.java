package dev.sameport.provider.engine;

import dev.sameport.engine.Container;
import dev.sameport.engine.EngineEvent;
import dev.sameport.model.ReplicaId;
import dev.sameport.provider.Signal;
import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/// What must not wait for a look at the container: that its stop signal was sent, that it died.
/// Told on the thread that reads the events, while the provider's own may be busy inspecting.
final class Urgent {
    /// What a signal means for one container.
    private record Known(ReplicaId replica, String stopSignal) {}

    private final Consumer<Signal> listener;
    // written by the provider's thread, read by that of the events
    private final ConcurrentHashMap<String, Known> containers = new ConcurrentHashMap<>();

    Urgent(Consumer<Signal> listener) {
        this.listener = listener;
    }

    void know(Container container, ReplicaId replica) {
        containers.put(container.id(), new Known(replica, container.stopSignal()));
    }

    void forget(String id) {
        containers.remove(id);
    }

    void retain(Collection<String> ids) {
        containers.keySet().retainAll(ids);
    }

    /// Tells what is urgent about `event`; false where that can't be said before the container has
    /// been looked at.
    boolean tell(EngineEvent event) {
        boolean kill = event.action().equals("kill");
        if (!event.type().equals("container") || !(kill || event.action().equals("die"))) {
            return true;
        }
        Known known = containers.get(event.id());
        if (known == null) {
            return false;
        }
        if (!kill) {
            listener.accept(new Signal.Died(known.replica(), event.at()));
        } else if (Signals.stops(event.attributes().get("signal"), known.stopSignal())) {
            listener.accept(new Signal.Stopping(known.replica(), event.at()));
        }
        return true;
    }
}
