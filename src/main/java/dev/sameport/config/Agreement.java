package dev.sameport.config;

import dev.sameport.model.Labels;
import dev.sameport.model.ServiceName;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// What holds for a service whose replicas may say different things: for each label, the newest
/// replica that says it validly or leaves it out.
///
/// Only replicas with a `sameport.publish` speak; one that merely joins by name changes nothing.
final class Agreement {
    private static final String NOTHING = "nothing";

    private final ServiceName name;
    private final List<Asker> speakers;
    private final Problems problems;
    private final TreeMap<String, String> said = new TreeMap<>();

    private Agreement(ServiceName name, List<Asker> members, Problems problems) {
        this.name = name;
        this.speakers = members.stream().filter(Asker::speaks).sorted(Asker.NEWEST_FIRST).toList();
        this.problems = problems;
    }

    /// The labels that hold, all valid; without `sameport.publish` where nobody says it validly.
    static SortedMap<String, String> of(ServiceName name, List<Asker> members, Problems problems) {
        Agreement agreement = new Agreement(name, members, problems);
        for (LabelKey key : SameportLabels.KEYS) {
            agreement.settle(key.name());
        }
        return agreement.said;
    }

    /// The settings of labels that are known to be valid.
    static Settings settings(SortedMap<String, String> said) {
        // Their problems were told with the replica that said them.
        return SameportLabels.read("", new Labels(said)).settings();
    }

    private void settle(String key) {
        List<Asker> valid =
                speakers.stream()
                        .filter(speaker -> !speaker.reading().invalid().contains(key))
                        .toList();
        if (valid.isEmpty()) {
            return;
        }
        Asker winner = valid.getFirst();
        String value = winner.reading().valid().get(key);
        if (value != null) {
            said.put(key, value);
        }
        if (!ofReplica(key)) {
            reportDifferences(key, winner, valid);
        }
    }

    /// Labels that each replica may say differently.
    private static boolean ofReplica(String key) {
        return key.equals(SameportLabels.WEIGHT)
                || key.equals(SameportLabels.NETWORK)
                || key.equals(SameportLabels.SERVICE);
    }

    private void reportDifferences(String key, Asker winner, List<Asker> valid) {
        List<Asker> others =
                valid.stream()
                        .filter(other -> !meaning(key, other).equals(meaning(key, winner)))
                        .toList();
        if (others.isEmpty()) {
            return;
        }
        Asker other = others.getFirst();
        String more = others.size() == 1 ? "" : " and " + (others.size() - 1) + " more";
        problems.add(
                "service " + name,
                key
                        + " is "
                        + shown(key, winner)
                        + " on "
                        + winner.subject()
                        + " and "
                        + shown(key, other)
                        + " on "
                        + other.subject()
                        + more,
                winner.subject()
                        + " is the newest and holds; recreate the others with the same labels");
    }

    /// Container ports may differ, as they do while a new version with another port rolls out.
    private static String meaning(String key, Asker asker) {
        if (key.equals(SameportLabels.PUBLISH)) {
            return asker.reading().settings().publish().stream()
                    .map(mapping -> mapping.published())
                    .sorted()
                    .toList()
                    .toString();
        }
        return asker.reading().meanings().getOrDefault(key, NOTHING);
    }

    private static String shown(String key, Asker asker) {
        String value = asker.reading().valid().get(key);
        return value == null ? "not set" : Escaped.quoted(value);
    }
}
