package dev.sameport.provider;

import dev.sameport.model.ProviderStatus;

/// A source of services. It watches by itself, on threads of its own, and pokes when something
/// changed.
public interface Provider extends AutoCloseable {
    /// What it is called in tables and problems.
    String name();

    /// Starts watching; `listener` is called from the provider's own threads and returns at once.
    void start(Listener listener);

    /// What it saw last, without any I/O; `Failed` until the first complete look.
    Observation observe();

    /// Whether the first look has ended, well or badly.
    boolean looked();

    /// How it fares, for tables and `doctor`.
    ProviderStatus status();

    /// Who is told.
    interface Listener {
        /// Something changed: `observe` again.
        void changed();

        /// Urgent news about one replica; comes before the observation that shows it.
        void signal(Signal signal);
    }

    @Override
    void close();
}
