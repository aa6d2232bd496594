package dev.sameport.linux;

/// The privileges of Linux that Sameport asks for (capabilities(7)).
public enum Capability {
    /// To enter other users' files and processes.
    CAP_DAC_READ_SEARCH(2),
    /// To signal other users' processes.
    CAP_KILL(5),
    /// To start processes under other groups.
    CAP_SETGID(6),
    /// To start processes under other users.
    CAP_SETUID(7),
    /// To listen below port 1024.
    CAP_NET_BIND_SERVICE(10),
    /// To change nftables, links, routes and conntrack, and to mark sockets.
    CAP_NET_ADMIN(12),
    /// To look into other users' processes.
    CAP_SYS_PTRACE(19),
    /// To make and enter namespaces.
    CAP_SYS_ADMIN(21),
    /// To load the programs of the reuseport plane, besides CAP_NET_ADMIN.
    CAP_BPF(39);

    private final int bit;

    Capability(int bit) {
        this.bit = bit;
    }

    int bit() {
        return bit;
    }
}
