package dev.sameport.cli;

import dev.sameport.config.LabelKey;
import dev.sameport.config.SameportLabels;
import dev.sameport.model.Labels;
import dev.sameport.model.Problem;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// Every label as a flag: `sameport.health.interval` is `--health-interval`.
final class SettingFlags {
    private SettingFlags() {}

    /// A command that takes settings.
    interface Holder {
        /// What the flags said, by label.
        SortedMap<String, String> settings();

        /// The labels that have no flag made for them, because the command has one of its own, or
        /// because they would mean nothing.
        default Set<String> without() {
            return Set.of(SameportLabels.PUBLISH, SameportLabels.SERVICE, SameportLabels.SANDBOX);
        }
    }

    /// Refuses what the daemon would refuse, without one.
    ///
    /// @throws IllegalArgumentException that names the label and the fix
    static void check(SortedMap<String, String> settings) {
        List<Problem> problems =
                SameportLabels.read("command line", new Labels(settings)).problems();
        if (!problems.isEmpty()) {
            Problem first = problems.getFirst();
            String label = first.where().substring(first.where().lastIndexOf(' ') + 1);
            throw new IllegalArgumentException(label + ": " + first.what() + "; " + first.fix());
        }
    }

    static CommandSpec spec(Holder holder) {
        CommandSpec spec = CommandSpec.forAnnotatedObject(holder);
        for (LabelKey key : SameportLabels.KEYS) {
            if (holder.without().contains(key.name())) {
                continue;
            }
            spec.addOption(
                    OptionSpec.builder(key.flag())
                            .paramLabel("VALUE")
                            .type(String.class)
                            .description(
                                    key.help().replace("%", "%%")
                                            + " Values: "
                                            + key.values().replace("%", "%%")
                                            + ". Default: "
                                            + key.fallback().replace("%", "%%")
                                            + ".")
                            .setter(setter(holder.settings(), key))
                            .build());
        }
        return spec;
    }

    private static CommandLine.Model.ISetter setter(
            SortedMap<String, String> settings, LabelKey key) {
        return new CommandLine.Model.ISetter() {
            @Override
            @SuppressWarnings("unchecked") // picocli's own signature
            public <T> T set(T value) {
                if (value != null) {
                    settings.put(key.name(), value.toString());
                }
                return value;
            }
        };
    }

    static SortedMap<String, String> none() {
        return new TreeMap<>();
    }
}
