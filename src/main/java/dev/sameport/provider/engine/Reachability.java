package dev.sameport.provider.engine;

import dev.sameport.model.Reach;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/// What the kernel says about a container's process: asked, not assumed from its address.
public interface Reachability {
    /// How this host gets to `address` of the container whose first process is `pid`.
    Reach reach(int pid, InetAddress address);

    /// The gateway of the process's IPv4 default route, or null where it has none.
    @Nullable InetAddress defaultGateway(int pid);

    /// The number of the network namespace that the process is in; 0 where that can't be told.
    long namespace(int pid);

    /// Whether the process lives in our own network namespace.
    boolean onHost(int pid);
}
