package dev.sameport.config;

import dev.sameport.model.Labels;
import dev.sameport.model.Mode;
import dev.sameport.model.Problem;
import dev.sameport.model.Protocol;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/// Reads one set of labels against the table. Confined to one reading.
final class LabelReader {
    /// Publishing 1,000 single ports needs 12,000 characters.
    private static final int MAX_VALUE = 16_384;

    /// A container with 10,000 misspelt labels is told about the first of them only.
    private static final int MAX_STRANGE = 10;

    private static final List<String> LATER = List.of("sameport.http.", "sameport.tls.");

    private final String where;
    private final SettingsDraft draft = new SettingsDraft();
    private final TreeMap<String, String> valid = new TreeMap<>();
    private final TreeMap<String, String> meanings = new TreeMap<>();
    private final TreeSet<String> invalid = new TreeSet<>();
    private final List<Problem> problems = new ArrayList<>();
    private int strange;

    LabelReader(String where) {
        this.where = where;
    }

    Reading read(Labels labels) {
        for (Map.Entry<String, String> label : labels.values().entrySet()) {
            SameportLabels.Row<?> row = SameportLabels.row(label.getKey());
            draft.tlsAsked |= SameportLabels.asksForTls(label.getKey());
            if (row != null) {
                known(row, label.getValue());
            } else if (ours(label.getKey())) {
                strange(label.getKey());
            }
        }
        if (strange > MAX_STRANGE) {
            problem(
                    "sameport.*",
                    (strange - MAX_STRANGE) + " more labels are not served",
                    "remove or correct them");
        }
        notServedYet();
        return new Reading(
                draft.settings(),
                draft.publish,
                Collections.unmodifiableSortedMap(valid),
                Collections.unmodifiableSortedMap(meanings),
                Collections.unmodifiableSortedSet(invalid),
                problems);
    }

    private void known(SameportLabels.Row<?> row, String value) {
        String name = row.key().name();
        try {
            if (value.length() > MAX_VALUE) {
                throw new BadValue(
                        "the value has " + value.length() + " characters, more than " + MAX_VALUE,
                        "shorten it");
            }
            meanings.put(name, row.read(value.strip(), draft));
            valid.put(name, value.strip());
        } catch (BadValue bad) {
            invalid.add(name);
            problems.add(bad.at(where + " label " + name));
        }
    }

    private static boolean ours(String key) {
        return key.regionMatches(true, 0, LabelKey.PREFIX, 0, LabelKey.PREFIX.length())
                || key.equalsIgnoreCase("sameport");
    }

    private void strange(String key) {
        strange++;
        if (strange > MAX_STRANGE) {
            return;
        }
        String shown = Escaped.text(key);
        if (LATER.stream().anyMatch(key::startsWith)) {
            problem(shown, "this build does not serve this feature yet", "remove it until then");
        } else {
            String nearest = Nearest.to(key.toLowerCase(Locale.ROOT));
            problem(
                    shown,
                    "there is no such label",
                    nearest == null
                            ? "see docs/labels.md for those there are"
                            : "did you mean " + nearest + "?");
        }
    }

    private void notServedYet() {
        draft.publish.stream()
                .map(mapping -> mapping.published())
                .filter(published -> published.protocol() == Protocol.UDP)
                .findFirst()
                .ifPresent(first ->
                        problem(
                                SameportLabels.PUBLISH,
                                first.text()
                                        + " is UDP, which is not served until the nat plane is complete",
                                "publish TCP ports only; UDP ones are left out"));
        new Contradictions(draft, this::problem).settle();
        probesAreWhole();
    }

    private void probesAreWhole() {
        if (valid.containsKey("sameport.health.status") && draft.healthPath == null) {
            problem(
                    "sameport.health.status",
                    "there is no answer to look at, since nothing is asked",
                    "add sameport.health.path, such as /healthz");
        }
        if (draft.healthPath != null && draft.mode == Mode.REUSEPORT) {
            problem(
                    "sameport.health.path",
                    "any replica of the sandbox may answer, so it says nothing about one of them",
                    "use a HEALTHCHECK of the containers");
        }
    }

    private void problem(String label, String what, String fix) {
        problems.add(new Problem(where + " label " + label, what, fix));
    }
}
