package dev.sameport.plane.reuseport;

import dev.sameport.linux.BpfMap;
import dev.sameport.linux.BpfProgram;
import dev.sameport.linux.BpfProgram.Kind;
import dev.sameport.linux.BpfRefusedException;
import dev.sameport.linux.ControlGroups;
import dev.sameport.linux.LinuxException;
import org.jspecify.annotations.Nullable;

/// Tries whether the kernel takes our programs, which says more than its version.
final class Trial {
    private Trial() {}

    /// Null where everything works, else why not.
    static @Nullable String run() {
        if (ControlGroups.root().isEmpty()) {
            return "the cgroup v2 hierarchy is mounted nowhere";
        }
        try (BpfMap hash = BpfMap.create(BpfMap.Type.HASH, "sameport_try", 16, 16, 1);
                BpfMap groups = BpfMap.create(BpfMap.Type.HASH, "sameport_try", 8, 4, 1);
                BpfMap slots = BpfMap.create(BpfMap.Type.ARRAY, "sameport_try", 4, 4, 1);
                BpfMap hits = BpfMap.create(BpfMap.Type.PER_CPU_ARRAY, "sameport_try", 4, 8, 1);
                BpfMap sockets =
                        BpfMap.create(BpfMap.Type.REUSEPORT_SOCKETS, "sameport_try", 4, 8, 1);
                BpfProgram _ =
                        BpfProgram.load(
                                Kind.BIND_IPV4,
                                "sameport_try",
                                BindProgram.assemble(hash.descriptor(), groups.descriptor()));
                BpfProgram _ =
                        BpfProgram.load(
                                Kind.REUSEPORT_SELECT_OR_MIGRATE,
                                "sameport_try",
                                SelectProgram.assemble(
                                        slots.descriptor(),
                                        hits.descriptor(),
                                        sockets.descriptor()))) {
            return null;
        } catch (LinuxException | BpfRefusedException refusal) {
            return String.valueOf(refusal.getMessage());
        }
    }
}
