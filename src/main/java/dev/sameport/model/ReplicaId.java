package dev.sameport.model;

/// Which container or process: the provider that saw it, and its id there (the engine's full
/// container id).
public record ReplicaId(String provider, String id) implements Comparable<ReplicaId> {
    /// The first 12 characters of the id, as engines print them.
    public String shortId() {
        return id.length() <= 12 ? id : id.substring(0, 12);
    }

    @Override
    public int compareTo(ReplicaId other) {
        int byProvider = provider.compareTo(other.provider);
        return byProvider != 0 ? byProvider : id.compareTo(other.id);
    }

    @Override
    public String toString() {
        return provider + "/" + shortId();
    }
}
