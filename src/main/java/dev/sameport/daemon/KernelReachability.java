package dev.sameport.daemon;

import dev.sameport.linux.BridgePort;
import dev.sameport.linux.Links;
import dev.sameport.linux.LinuxException;
import dev.sameport.linux.NetworkNamespace;
import dev.sameport.model.Addresses;
import dev.sameport.model.Reach;
import dev.sameport.provider.engine.Reachability;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Asks the kernel how a container is reached.
final class KernelReachability implements Reachability {
    private final Links links;

    KernelReachability(Links links) {
        this.links = links;
    }

    @Override
    public Reach reach(int pid, InetAddress address) {
        try {
            Optional<BridgePort> port;
            synchronized (links) {
                port = links.bridgeOf(pid, address);
            }
            return port.<Reach>map(bridge -> new Reach.OnBridge(bridge.bridgeName()))
                    .orElseGet(() ->
                            new Reach.Unreachable(
                                    Addresses.text(address)
                                            + " is on no bridge of this host's network (rootless, macvlan, or another namespace)"));
        } catch (LinuxException e) {
            return new Reach.Unreachable("the kernel could not be asked: " + e.getMessage());
        }
    }

    /// `/proc/PID/net/route` shows the routes of the process's own namespace (proc(5)): interface,
    /// destination, gateway … in hexadecimal, the bytes of an address in reverse.
    @Override
    public @Nullable InetAddress defaultGateway(int pid) {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/net/route"))) {
                String[] columns = line.split("\\s+");
                if (columns.length > 7
                        && columns[1].equals("00000000")
                        && columns[7].equals("00000000")) {
                    long gateway = Long.reverseBytes(Long.parseLong(columns[2], 16)) >>> 32;
                    byte[] bytes = {
                        (byte) (gateway >>> 24),
                        (byte) (gateway >>> 16),
                        (byte) (gateway >>> 8),
                        (byte) gateway
                    };
                    return InetAddress.getByAddress(bytes);
                }
            }
            return null;
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four bytes are an address", e);
        } catch (IOException _) {
            return null;
        }
    }

    @Override
    public long namespace(int pid) {
        try {
            return NetworkNamespace.inodeOfProcess(pid);
        } catch (LinuxException _) {
            return 0;
        }
    }

    @Override
    public boolean onHost(int pid) {
        try {
            return links.sharesOurNamespace(pid);
        } catch (LinuxException _) {
            return false;
        }
    }
}
