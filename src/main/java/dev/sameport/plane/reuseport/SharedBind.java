package dev.sameport.plane.reuseport;

import dev.sameport.linux.BpfFileSystem;
import dev.sameport.linux.BpfLink;
import dev.sameport.linux.BpfMap;
import dev.sameport.linux.BpfProgram;
import dev.sameport.linux.BpfProgram.Kind;
import dev.sameport.linux.NetworkNamespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Lets unmodified servers share a port: a program at bind(2), attached to the root of the cgroup
/// v2 hierarchy and filtered by network namespace and port.
///
/// Everything is pinned in a folder of a bpf file system, so that it outlives the daemon and is
/// found again by the next one. One thread at a time.
final class SharedBind implements AutoCloseable {
    private static final int MOST_PORTS = 4096;
    private static final int MOST_CGROUPS = 16_384;

    private final BpfMap ports;
    private final BpfMap cgroups;
    private final List<BpfLink> links;

    private SharedBind(BpfMap ports, BpfMap cgroups, List<BpfLink> links) {
        this.ports = ports;
        this.cgroups = cgroups;
        this.links = links;
    }

    /// Finds what an earlier daemon pinned, or attaches anew. Takes CAP_SYS_ADMIN.
    ///
    /// @param cgroup the root of the v2 hierarchy
    /// @param folder a folder of a bpf file system
    /// @throws dev.sameport.linux.BpfRefusedException when the verifier refuses, with its log
    /// @throws dev.sameport.linux.LinuxException when the kernel can't do that
    static SharedBind open(Path cgroup, Path folder) {
        if (isWhole(folder)) {
            return new SharedBind(
                    BpfMap.pinnedAt(
                            folder.resolve("ports"),
                            BpfMap.Type.HASH,
                            BindProgram.KEY_BYTES,
                            BindProgram.VALUE_BYTES),
                    BpfMap.pinnedAt(
                            folder.resolve("cgroups"),
                            BpfMap.Type.HASH,
                            BindProgram.CGROUP_KEY_BYTES,
                            BindProgram.CGROUP_VALUE_BYTES),
                    List.of(
                            BpfLink.pinnedAt(folder.resolve("bind4")),
                            BpfLink.pinnedAt(folder.resolve("bind6"))));
        }
        // A crash between two pins leaves a part: it is taken away, and begun again.
        remove(folder);
        return attach(cgroup, folder);
    }

    private static boolean isWhole(Path folder) {
        return BpfFileSystem.isOne(folder) && Files.exists(folder.resolve("bind6"));
    }

    private static SharedBind attach(Path cgroup, Path folder) {
        BpfMap ports =
                BpfMap.create(
                        BpfMap.Type.HASH,
                        "sameport_ports",
                        BindProgram.KEY_BYTES,
                        BindProgram.VALUE_BYTES,
                        MOST_PORTS);
        BpfMap cgroups =
                BpfMap.create(
                        BpfMap.Type.HASH,
                        "sameport_groups",
                        BindProgram.CGROUP_KEY_BYTES,
                        BindProgram.CGROUP_VALUE_BYTES,
                        MOST_CGROUPS);
        List<BpfLink> links = new ArrayList<>();
        SharedBind made = new SharedBind(ports, cgroups, links);
        try {
            ports.pin(folder.resolve("ports"));
            cgroups.pin(folder.resolve("cgroups"));
            links.add(made.attach(Kind.BIND_IPV4, "bind4", cgroup, folder));
            links.add(made.attach(Kind.BIND_IPV6, "bind6", cgroup, folder));
            return made;
        } catch (RuntimeException failure) {
            made.close();
            remove(folder);
            throw failure;
        }
    }

    private BpfLink attach(Kind kind, String name, Path cgroup, Path folder) {
        try (BpfProgram program =
                BpfProgram.load(
                        kind,
                        "sameport_" + name,
                        BindProgram.assemble(ports.descriptor(), cgroups.descriptor()))) {
            BpfLink link = BpfLink.attach(program, cgroup, kind);
            try {
                link.pin(folder.resolve(name));
                return link;
            } catch (RuntimeException failure) {
                link.close();
                throw failure;
            }
        }
    }

    /// The ids of the programs at bind(2), that for IPv4 first.
    List<Integer> programs() {
        return links.stream().map(BpfLink::program).toList();
    }

    /// From now on, sockets that bind to this TCP port in this namespace share it.
    void share(NetworkNamespace namespace, int port) {
        share(namespace.cookie(), port, false);
    }

    /// The same, but only for processes of the groups that [#admit] named: other servers of the
    /// namespace stay as they are.
    void shareAmongAdmitted(NetworkNamespace namespace, int port) {
        share(namespace.cookie(), port, true);
    }

    private void share(long cookie, int port, boolean onlyCgroups) {
        byte[] key = BindProgram.key(cookie, port);
        if (ports.get(key).isEmpty()) {
            ports.put(key, BindProgram.value(onlyCgroups));
        }
    }

    /// Ends the sharing of a port; sockets that share it go on.
    void unshare(long cookie, int port) {
        var _ = ports.remove(BindProgram.key(cookie, port));
    }

    /// Names a group of the v2 hierarchy by its id.
    void admit(long cgroup) {
        cgroups.put(cgroupKey(cgroup), new byte[BindProgram.CGROUP_VALUE_BYTES]);
    }

    /// Takes that back.
    void dismiss(long cgroup) {
        var _ = cgroups.remove(cgroupKey(cgroup));
    }

    /// Names these, and no others that were named before, be it by an earlier daemon.
    void admitOnly(Set<Long> wanted) {
        for (byte[] key : cgroups.keys()) {
            long group = ByteBuffer.wrap(key).order(ByteOrder.nativeOrder()).getLong();
            if (!wanted.contains(group)) {
                dismiss(group);
            }
        }
        wanted.forEach(this::admit);
    }

    private static byte[] cgroupKey(long cgroup) {
        return ByteBuffer.allocate(BindProgram.CGROUP_KEY_BYTES)
                .order(ByteOrder.nativeOrder())
                .putLong(cgroup)
                .array();
    }

    /// How many sockets were let share a port so far; empty where it isn't shared.
    Optional<Long> switched(long cookie, int port) {
        return ports.get(BindProgram.key(cookie, port)).map(BindProgram::switched);
    }

    /// Takes everything away that is pinned in `folder`.
    static void remove(Path folder) {
        for (String name : List.of("bind6", "bind4", "cgroups", "ports")) {
            if (name.startsWith("bind") && BpfFileSystem.isOne(folder)) {
                detach(folder.resolve(name));
            }
            try {
                Files.deleteIfExists(folder.resolve(name));
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    }

    private static void detach(Path pinned) {
        if (Files.exists(pinned)) {
            try (BpfLink link = BpfLink.pinnedAt(pinned)) {
                link.detach();
            }
        }
    }

    /// Lets go; what is pinned stays in force.
    @Override
    public void close() {
        links.forEach(BpfLink::close);
        cgroups.close();
        ports.close();
    }
}
