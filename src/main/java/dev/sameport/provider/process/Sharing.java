package dev.sameport.provider.process;

import dev.sameport.model.Replica;

/// Lets processes of one network namespace share a port.
@FunctionalInterface
public interface Sharing {
    /// Called before the first process that is to share starts: from then on, what binds in the
    /// owner's namespace to a port that the owner publishes shares it.
    ///
    /// @throws IllegalStateException when that can't be had, and why
    void prepare(Replica owner);

    /// Of a machine that can't.
    ///
    /// @param why completes a sentence
    static Sharing none(String why) {
        return _ -> {
            throw new IllegalStateException(
                    "--mode reuseport can't be had: " + why + "; use --mode proxy");
        };
    }
}
