package dev.sameport.admin;

import java.util.List;

/// Who is at the other end of a connection, as the kernel says (SO_PEERCRED, SO_PEERGROUPS in
/// unix(7)): what held when it connected.
///
/// @param groups supplementary groups
public record PeerCredentials(int process, int user, int group, List<Integer> groups) {
    public PeerCredentials {
        groups = List.copyOf(groups);
    }
}
