package dev.sameport.model;

/// Which endpoint: a replica's port. Two published ports that lead to one container port share the
/// endpoint.
public record EndpointId(ReplicaId replica, int port) implements Comparable<EndpointId> {
    @Override
    public int compareTo(EndpointId other) {
        int byReplica = replica.compareTo(other.replica);
        return byReplica != 0 ? byReplica : Integer.compare(port, other.port);
    }

    @Override
    public String toString() {
        return replica + ":" + port;
    }
}
