package dev.sameport.plane.proxy.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sameport.model.Desired;
import dev.sameport.plane.PortOutcome;
import dev.sameport.plane.proxy.EventLoops;
import dev.sameport.plane.proxy.Transport;
import dev.sameport.plane.proxy.l4.ListenerOptions;
import dev.sameport.plane.proxy.l4.Listeners;
import dev.sameport.plane.proxy.l4.PortHolders;

/// Ports on which bytes are relayed, with event loops of their own.
final class TestRelay implements AutoCloseable {
    private final EventLoops loops;
    private final Listeners listeners;

    TestRelay(Transport transport) {
        loops = EventLoops.open(transport, 2);
        listeners = new Listeners(loops, PortHolders.none(), ListenerOptions.DEFAULT);
    }

    /// Makes it so; every port must be ours.
    void apply(Desired desired) {
        listeners
                .reserve(desired)
                .forEach((port, outcome) ->
                        assertEquals(new PortOutcome.Carried(), outcome, port.text()));
        listeners.release(desired);
    }

    @Override
    public void close() {
        listeners.close();
        loops.close();
    }
}
