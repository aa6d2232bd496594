package dev.sameport.admin;

import dev.sameport.model.Declaration;
import dev.sameport.model.ServiceName;
import dev.sameport.model.Snapshot;
import dev.sameport.provider.process.RunRequest;
import java.util.List;

/// What the admin server asks of the daemon.
///
/// Every method is called on a virtual thread of the request, may block, and is safe to call from
/// several at once. An expected failure is a `Refused`; an exception is a bug, answered with 500.
public interface Control {
    /// What is so now.
    Snapshot snapshot();

    /// The log that the daemon appends each generation's changes to.
    ChangeLog changes();

    /// What was looked at and found.
    List<Check> doctor();

    /// Declares a service, or replaces the one of that name; kept over restarts.
    Result publish(Declaration declaration);

    /// Takes a declared service away, or ends a service of `run`.
    Result unpublish(ServiceName name);

    /// Starts replicas of a command.
    Result run(RunRequest request);

    /// Changes the number of replicas of a service of `run`.
    Result scale(ServiceName name, int replicas);

    /// Ends all replicas of a service of `run`.
    Result stop(ServiceName name);

    /// Ends the daemon soon after the answer was sent; returns at once.
    ///
    /// @param removeRules whether the rules go with it
    Result shutdown(boolean removeRules);
}
