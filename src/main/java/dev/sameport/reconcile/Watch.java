package dev.sameport.reconcile;

import dev.sameport.model.ServiceSpec;
import java.util.List;

/// Who looks at endpoints between passes: probes and process watches. It reports back through
/// `Reconciler`.
public interface Watch {
    /// The endpoints to look at from now on.
    void follow(List<ServiceSpec> specs);
}
