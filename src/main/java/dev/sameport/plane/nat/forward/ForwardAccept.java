package dev.sameport.plane.nat.forward;

import dev.sameport.journal.Entry;
import dev.sameport.journal.Journal;
import dev.sameport.linux.CommandException;
import dev.sameport.linux.Iptables;
import dev.sameport.linux.Nftables;
import dev.sameport.linux.NftablesException;
import dev.sameport.model.Problem;
import dev.sameport.plane.nat.NatOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// Keeps the accept rule where it belongs in every iptables table that is there, so that forwarded
/// packets of our connections pass the host's firewall.
///
/// Belongs to the network namespace of the thread that calls, which must be that of its nftables.
/// Any thread there may call.
public final class ForwardAccept {
    private static final Path FIREWALLD = Path.of("/etc/firewalld/firewalld.conf");
    private static final String FILTER = "filter";
    private static final List<String> BUILT_IN = List.of("INPUT", "FORWARD", "OUTPUT");

    /// Others may change the rules while we do.
    private static final int ATTEMPTS = 3;

    private final Nftables nft;
    private final Journal journal;
    private final AcceptRule rule;
    private final Inspection inspection;
    private String settled = ""; // guarded by this: how it looked when all was well

    public ForwardAccept(Nftables nft, Journal journal, NatOptions options) {
        this(nft, journal, options, FIREWALLD);
    }

    ForwardAccept(Nftables nft, Journal journal, NatOptions options, Path firewalld) {
        this.nft = nft;
        this.journal = journal;
        this.rule = AcceptRule.of(options);
        this.inspection = new Inspection(nft, options, Iptables.installed(), firewalld);
    }

    /// Looks at everything: one process per table of iptables.
    public ForwardState inspect() {
        return inspection.inspect();
    }

    /// The steps that are missing.
    List<Step> plan(ForwardState state) {
        return rule.plan(state);
    }

    /// Whether all is as [#apply] would make it. Cheap: a few milliseconds, and no process where
    /// nothing has changed, save for a legacy table, whose changes nobody tells.
    public synchronized boolean check() {
        String look = inspection.fingerprint();
        if (look.equals(settled)) {
            return true;
        }
        ForwardState state = inspect();
        if (!plan(state).isEmpty()) {
            return false;
        }
        // Also what an earlier daemon put there, whose journal may be lost.
        AcceptRule.removal(state).forEach(step -> note(entry(step)));
        settled = look;
        return true;
    }

    /// Puts the rule where it is missing, misplaced or doubled, and away from where it is not
    /// needed; returns what was changed, one line each, nothing if all was well.
    ///
    /// @throws CommandException when iptables refuses, or the rules change all the time
    /// @throws NftablesException when nftables can't be listed
    public synchronized List<String> apply() {
        List<String> changes = new ArrayList<>();
        for (int attempt = 1; !check(); attempt++) {
            List<Step> steps = plan(inspect());
            try {
                perform(steps);
                steps.forEach(step -> changes.add(step.program() + " " + step.line()));
            } catch (CommandException refused) {
                if (attempt >= ATTEMPTS) {
                    throw refused;
                }
            }
            if (attempt >= ATTEMPTS) {
                break; // Somebody else puts things elsewhere at this moment; the next look repairs.
            }
        }
        return changes;
    }

    /// In each table all steps at once, so that there is never a moment without the rule.
    private void perform(List<Step> steps) {
        Map<String, List<Step>> byProgram =
                steps.stream()
                        .collect(
                                Collectors.groupingBy(
                                        Step::program, TreeMap::new, Collectors.toList()));
        byProgram.forEach((name, own) -> {
            Iptables program = Iptables.named(name);
            List<Entry> caused = aboutToCause(program, own);
            own.stream().filter(Step.Insert.class::isInstance).map(this::entry).forEach(this::note);
            caused.forEach(this::note);
            program.change(
                    FILTER,
                    own.stream().map(step -> step.line() + "\n").collect(Collectors.joining()));
            forgetWhatDidNotHappen(caused);
            forgetRemoved(own);
        });
    }

    private Entry entry(Step step) {
        return new Entry.Rule(step.program(), FILTER, step.chain(), step.rule());
    }

    private void note(Entry entry) {
        journal.record(entry);
    }

    /// Older iptables makes all built-in chains of a table when it inserts into one.
    private List<Entry> aboutToCause(Iptables program, List<Step> steps) {
        if (!program.onNftables() || steps.stream().noneMatch(Step.Insert.class::isInstance)) {
            return List.of();
        }
        String table = program.family() + " " + FILTER;
        List<String> present = chainsOf(table);
        return BUILT_IN.stream()
                .filter(chain -> !present.contains(chain))
                .<Entry>map(chain -> new Entry.CausedChain(table, chain))
                .toList();
    }

    private List<String> chainsOf(String table) {
        return NftRules.read(nft, "list chains").chains().stream()
                .filter(chain -> chain.table().equals(table))
                .map(NftRules.Chain::name)
                .toList();
    }

    private void forgetWhatDidNotHappen(List<Entry> caused) {
        for (Entry entry : caused) {
            if (entry instanceof Entry.CausedChain(String table, String chain)
                    && !chainsOf(table).contains(chain)) {
                journal.forget(entry);
            }
        }
    }

    private void forgetRemoved(List<Step> steps) {
        List<Entry> inserted =
                steps.stream().filter(Step.Insert.class::isInstance).map(this::entry).toList();
        steps.stream()
                .filter(Step.Delete.class::isInstance)
                .map(this::entry)
                .filter(Predicate.not(inserted::contains))
                .forEach(journal::forget);
    }

    /// Takes the rule away everywhere, and the chains that came with it; returns what could not be
    /// put back.
    public synchronized List<Problem> undo() {
        settled = "";
        List<Problem> problems = new ArrayList<>();
        try {
            perform(AcceptRule.removal(inspect()));
        } catch (CommandException e) {
            problems.add(
                    new Problem(
                            "the accept rule",
                            String.valueOf(e.getMessage()),
                            "delete the rules with the comment sameport from iptables"));
        }
        problems.addAll(journal.undo(ForwardAccept::isOurs));
        return problems;
    }

    private static boolean isOurs(Entry entry) {
        return switch (entry) {
            case Entry.Rule _, Entry.CausedChain _, Entry.CausedTable _ -> true;
            case Entry.Setting _, Entry.Table _, Entry.Link _, Entry.Namespace _ -> false;
        };
    }

    /// What stands in the way of forwarded connections and can't be moved from here.
    public List<Problem> problems() {
        return inspect().problems();
    }

    /// Whether an engine's firewall accepts our packets by their mark, so that the connection's
    /// mark has to be copied to them.
    public boolean copyMarkToPackets() {
        return inspect().copyMarkToPackets();
    }
}
