package dev.sameport.model;

/// The port that replicas of a sandbox are to share.
public record SandboxPort(Sandbox sandbox, int port) {
    public SandboxPort {
        Ports.check("container port", port);
    }
}
