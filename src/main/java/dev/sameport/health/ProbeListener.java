package dev.sameport.health;

/// Is told what probes find. Called on an event loop: it must not block.
@FunctionalInterface
public interface ProbeListener {
    /// A probe found something else than the one before it, or failed.
    void probed(ProbeResult result);
}
