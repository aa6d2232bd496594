package dev.sameport.provider;

import dev.sameport.model.Declaration;
import dev.sameport.model.Problem;
import dev.sameport.model.Replica;
import java.util.List;

/// What a provider saw. A failed observation is not an empty one: it never removes an endpoint.
public sealed interface Observation {
    /// The provider's name, such as `docker` or `podman:/run/user/1000/podman/podman.sock`.
    String provider();

    /// Everything that the provider knows at one moment.
    record Complete(String provider, List<Replica> replicas, List<Declaration> declarations)
            implements Observation {
        public Complete {
            replicas = List.copyOf(replicas);
            declarations = List.copyOf(declarations);
        }
    }

    /// It could not look; what it saw last still counts.
    record Failed(String provider, Problem problem) implements Observation {}
}
