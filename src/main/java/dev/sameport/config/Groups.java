package dev.sameport.config;

import dev.sameport.model.Replica;
import dev.sameport.model.ServiceName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Who shares with whom, each group under a name of its own.
record Groups(Map<ServiceName, List<Asker>> byName) {

    /// Groups the replicas that ask; problems of their labels are told on the way.
    static Groups of(ReplicaIndex replicas, Problems problems) {
        TreeMap<GroupKey, List<Asker>> byKey = new TreeMap<>();
        for (Replica replica : replicas.all()) {
            if (!Asker.asks(replica)) {
                continue;
            }
            Asker asker = replicas.asker(replica);
            problems.addAll(asker.reading().problems());
            GroupKey key = GroupKey.of(asker, problems);
            if (key != null) {
                byKey.computeIfAbsent(key, _ -> new ArrayList<>()).add(asker);
            } else {
                reportSilence(asker, problems);
            }
        }
        byKey.entrySet().removeIf(group -> !published(group.getValue(), problems));
        return new Groups(named(byKey, problems));
    }

    private static boolean published(List<Asker> members, Problems problems) {
        if (members.stream().anyMatch(Asker::speaks)) {
            return true;
        }
        members.forEach(member -> reportSilence(member, problems));
        return false;
    }

    private static void reportSilence(Asker asker, Problems problems) {
        // Who joined a sandbox has its weight and no more to say.
        if (asker.replica().joined().isEmpty()
                && !asker.speaks()
                && !asker.reading().valid().isEmpty()) {
            problems.add(
                    asker.subject(),
                    "it has " + asker.reading().valid().firstKey() + " but publishes no port",
                    "set " + SameportLabels.PUBLISH);
        }
    }

    private static Map<ServiceName, List<Asker>> named(
            TreeMap<GroupKey, List<Asker>> byKey, Problems problems) {
        Map<ServiceName, GroupKey> keys = new TreeMap<>();
        Map<ServiceName, List<Asker>> groups = new TreeMap<>();
        byKey.forEach((key, members) -> {
            ServiceName name = key.name();
            GroupKey other = keys.get(name);
            if (other != null) {
                name = key.distinctName();
                reportNamesakes(key, other, name, problems);
            }
            keys.put(name, key);
            groups.put(name, members);
        });
        return groups;
    }

    private static void reportNamesakes(
            GroupKey key, GroupKey other, ServiceName distinct, Problems problems) {
        problems.add(
                "service " + other.name(),
                key.description()
                        + " comes to the same name as "
                        + other.description()
                        + " and is called "
                        + distinct,
                "set sameport.service on one of them");
    }
}
