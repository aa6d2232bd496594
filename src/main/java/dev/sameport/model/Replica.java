package dev.sameport.model;

import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;

/// One container or process, as a provider saw it.
///
/// @param id which one
/// @param name what people call it, without the engine's leading slash
/// @param image the image's name, or the command of a process
/// @param own the labels put on the container itself
/// @param fromImage the labels that it has only from its image: they never publish anything unless
///   `--trust-image-labels`
/// @param state what the engine says it does
/// @param health what its HEALTHCHECK says
/// @param attachments its networks; empty for `--network host`, where `onHost` is set
/// @param onHost whether it lives in the host's network namespace
/// @param joined the id of the container whose network namespace it was told to join; empty where
///   it has its own
/// @param namespace the number of the network namespace that it is in (`net:[4026531840]`); 0 where
///   that can't be told
/// @param enginePorts what the engine itself published for it
/// @param initPid the process that lives as long as it does, in our pid namespace
/// @param startedAt when it was last started
/// @param stop how it is stopped
public record Replica(
        ReplicaId id,
        String name,
        String image,
        Labels own,
        Labels fromImage,
        State state,
        Health health,
        List<Attachment> attachments,
        boolean onHost,
        String joined,
        long namespace,
        List<EnginePort> enginePorts,
        OptionalInt initPid,
        Instant startedAt,
        StopPolicy stop) {

    /// What the engine says a container does.
    public enum State {
        CREATED,
        RUNNING,
        PAUSED,
        RESTARTING,
        EXITED
    }

    /// What a HEALTHCHECK says; NONE where there is no check.
    public enum Health {
        NONE,
        STARTING,
        HEALTHY,
        UNHEALTHY
    }

    public Replica {
        attachments = List.copyOf(attachments);
        enginePorts = List.copyOf(enginePorts);
    }

    /// One in a network namespace of its own.
    public Replica(
            ReplicaId id,
            String name,
            String image,
            Labels own,
            Labels fromImage,
            State state,
            Health health,
            List<Attachment> attachments,
            boolean onHost,
            List<EnginePort> enginePorts,
            OptionalInt initPid,
            Instant startedAt,
            StopPolicy stop) {
        this(
                id,
                name,
                image,
                own,
                fromImage,
                state,
                health,
                attachments,
                onHost,
                "",
                0,
                enginePorts,
                initPid,
                startedAt,
                stop);
    }

    /// Whether a process of it exists, paused ones included.
    public boolean alive() {
        return state == State.RUNNING || state == State.PAUSED;
    }
}
