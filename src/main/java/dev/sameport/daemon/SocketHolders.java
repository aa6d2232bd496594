package dev.sameport.daemon;

import dev.sameport.linux.ListeningSocket;
import dev.sameport.linux.SocketDiagnostics;
import dev.sameport.linux.SocketOwner;
import dev.sameport.model.Family;
import dev.sameport.model.HostAddress;
import dev.sameport.plane.proxy.l4.PortHolder;
import dev.sameport.plane.proxy.l4.PortHolders;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Asks the kernel who else listens.
final class SocketHolders implements PortHolders {
    private final SocketDiagnostics diagnostics;

    SocketHolders(SocketDiagnostics diagnostics) {
        this.diagnostics = diagnostics;
    }

    @Override
    public List<PortHolder> foreignOn(int port) {
        List<PortHolder> holders = new ArrayList<>();
        for (ListeningSocket socket : diagnostics.listeningOn(port)) {
            Optional<SocketOwner> owner = SocketDiagnostics.ownerOf(socket.inode());
            boolean ours = owner.isPresent() && owner.get().pid() == ProcessHandle.current().pid();
            if (!ours) {
                holders.add(new PortHolder(address(socket), text(socket, owner)));
            }
        }
        return holders;
    }

    private static HostAddress address(ListeningSocket socket) {
        if (!socket.address().isAnyLocalAddress()) {
            return new HostAddress.One(socket.address());
        }
        Family family = Family.of(socket.address());
        return family == Family.IPV6 && !socket.v6Only()
                ? HostAddress.any()
                : new HostAddress.AnyOf(family);
    }

    private static String text(ListeningSocket socket, Optional<SocketOwner> owner) {
        return owner.map(found -> "pid " + found.pid() + " (" + found.command() + ")")
                .orElse("a process of uid " + socket.uid() + " that can't be looked at");
    }
}
