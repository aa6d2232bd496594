package dev.sameport.admin;

import dev.sameport.model.Change;
import dev.sameport.model.Snapshot;
import java.util.List;
import java.util.function.Consumer;

/// What the daemon can be asked and told. Any thread. What is refused throws
/// `IllegalArgumentException` (the caller's words are off) or `IllegalStateException` (not now),
/// with a message that says what to do.
public interface Control {
    /// Everything as it is now, counters included.
    Snapshot snapshot();

    /// The latest changes, oldest first.
    List<Change> changes();

    /// Calls `each` for every change from now on, until the returned handle is closed.
    AutoCloseable follow(Consumer<Change> each);

    /// Looks at the machine.
    List<Check> checks();

    /// Declares a service; returns a sentence for the caller.
    String publish(PublishCall call);

    /// Takes a declared service away.
    String unpublish(String name);

    /// Starts replicas as the caller's user.
    String run(RunCall call, Caller caller);

    /// Changes the number of replicas of a service of `run`; 0 ends it.
    String scale(String name, int replicas);

    /// Version and identity, one line.
    String version();
}
