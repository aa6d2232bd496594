package dev.sameport.daemon;

import dev.sameport.config.SameportLabels;
import dev.sameport.config.Stranded;
import dev.sameport.engine.EngineClient;
import dev.sameport.engine.EngineException;
import dev.sameport.engine.sandbox.PauseImages;
import dev.sameport.model.Problem;
import dev.sameport.model.Replica;
import dev.sameport.provider.Observation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// What engines have to do for sandboxes: know the pause image, and restart replicas that were left
/// in a namespace which their sandbox has left. Each is asked for once, and not waited for.
final class SandboxCare {
    private final Map<String, EngineClient> engines;
    private final Log log;
    private final Path runDirectory;
    private final Runnable changed;
    // guarded by this
    private final Set<Stranded> asked = new HashSet<>();
    private final Map<Stranded, Problem> refused = new TreeMap<>();
    private final Set<String> imported = new HashSet<>();

    /// @param engines by the names of their providers
    /// @param runDirectory where it is written down for `clean` which engines these are
    /// @param changed told when [#problems] changed
    SandboxCare(Map<String, EngineClient> engines, Path runDirectory, Log log, Runnable changed) {
        this.runDirectory = runDirectory;
        this.engines = new HashMap<>(engines);
        this.log = log;
        this.changed = changed;
    }

    /// Sees to what was seen in a pass.
    synchronized void see(List<Observation.Complete> observations, List<Stranded> stranded) {
        asked.retainAll(stranded);
        refused.keySet().retainAll(stranded);
        for (Stranded one : stranded) {
            EngineClient engine = engines.get(one.replica().provider());
            if (engine != null && asked.add(one)) {
                Thread.ofVirtual().name("restart").start(() -> restart(one, engine));
            }
        }
        for (Observation.Complete observation : observations) {
            EngineClient engine = engines.get(observation.provider());
            if (engine != null
                    && observation.replicas().stream().anyMatch(SandboxCare::asksForSandbox)
                    && imported.add(observation.provider())) {
                EngineRemains.note(runDirectory, engine.socket());
                Thread.ofVirtual()
                        .name("pause-image")
                        .start(() -> importImage(observation.provider(), engine));
            }
        }
    }

    private static boolean asksForSandbox(Replica replica) {
        return "reuseport".equals(replica.own().get(SameportLabels.MODE))
                || replica.own().get(SameportLabels.SANDBOX) != null;
    }

    private void restart(Stranded stranded, EngineClient engine) {
        log.info("replica-restarted", "replica", stranded.replica(), "reason", "sandbox-restarted");
        try {
            engine.restart(stranded.replica().id());
        } catch (EngineException e) {
            refuse(stranded, e);
        }
    }

    private void refuse(Stranded stranded, EngineException e) {
        synchronized (this) {
            refused.put(
                    stranded,
                    new Problem(
                            "container " + stranded.replica().shortId(),
                            "its sandbox was restarted and it has to be, too, but: "
                                    + e.getMessage(),
                            "restart it, or recreate it"));
        }
        changed.run();
    }

    private void importImage(String provider, EngineClient engine) {
        try {
            if (PauseImages.ensure(engine)) {
                log.info("pause-image-imported", "engine", provider);
            }
        } catch (EngineException e) {
            // `sandbox create` says it again, to the person who needs it.
            log.warn(
                    "pause-image-not-imported",
                    "engine",
                    provider,
                    "reason",
                    String.valueOf(e.getMessage()));
        }
    }

    /// What engines refused.
    synchronized List<Problem> problems() {
        return new ArrayList<>(refused.values());
    }
}
