package dev.sameport.linux;

/// A network interface of a namespace.
///
/// @param index its number, unique in its namespace
/// @param name `eth0`
/// @param kind `bridge`, `veth`, `vlan`…; empty for hardware and `lo`
/// @param master the index of the bridge or bond that it is a port of; 0 if of none
/// @param peerIndex the index of its other end (veth) or of what it lies on (vlan, macvlan), in the
///   peer's namespace; 0 if none
/// @param peerNamespaceId our namespace's number for the namespace of that peer; [#SAME_NAMESPACE]
///   if it is ours
/// @param up whether it is switched on
public record Link(
        int index,
        String name,
        String kind,
        int master,
        int peerIndex,
        int peerNamespaceId,
        boolean up) {
    /// The [#peerNamespaceId] of a link whose peer, if any, is in its own namespace.
    public static final int SAME_NAMESPACE = -1;
}
