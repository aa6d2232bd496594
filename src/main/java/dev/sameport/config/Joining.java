package dev.sameport.config;

import dev.sameport.model.Mapping;
import dev.sameport.model.Mode;
import dev.sameport.model.Replica;
import dev.sameport.model.ReplicaId;
import dev.sameport.model.Sandbox;
import dev.sameport.model.SandboxPort;
import dev.sameport.model.Weight;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Puts replicas into one service, each at its address, or those of a sandbox at that sandbox's.
/// Confined to one interpretation.
final class Joining {
    private final Candidate candidate;
    private final Sandboxes sandboxes;
    private final Mode mode;
    private final @Nullable String network;
    private final Problems problems;

    /// What can't be reached is said once, however many ports there are.
    private final Map<ReplicaId, AddressChoice> choices = new HashMap<>();

    /// @param network the network to reach it by; null is that of the default route
    Joining(
            Candidate candidate,
            Sandboxes sandboxes,
            Mode mode,
            @Nullable String network,
            Problems problems) {
        this.candidate = candidate;
        this.sandboxes = sandboxes;
        this.mode = mode;
        this.network = network;
        this.problems = problems;
    }

    /// Adds who listens for `asker` through `mapping`.
    void join(Asker asker, Mapping mapping, Function<Asker, Weight> weight) {
        int port = mapping.containerPort();
        Sandbox sandbox = sandboxes.sandbox(asker, mode, mapping.published(), port);
        // Where it is held by others, no listener may take it while they are being restarted.
        if (sandbox != null && (lives(sandbox) || sandbox.holdsPort())) {
            candidate.expect(mapping.published(), new SandboxPort(sandbox, port));
        }
        for (Sandboxes.Seat seat : sandboxes.seats(asker, mode, sandbox)) {
            candidate.add(
                    seat.member(),
                    mapping.published(),
                    port,
                    choice(seat.place()),
                    seat.sandbox(),
                    weight.apply(seat.member()),
                    problems);
        }
    }

    private static boolean lives(Sandbox sandbox) {
        return sandbox.owner() == null || sandbox.owner().alive();
    }

    private AddressChoice choice(Replica place) {
        return choices.computeIfAbsent(
                place.id(), _ -> new AddressChoice(place, network, problems));
    }
}
