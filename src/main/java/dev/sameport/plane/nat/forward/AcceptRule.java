package dev.sameport.plane.nat.forward;

import dev.sameport.plane.nat.NatOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// The rule that accepts our connections by their mark, and where it has to be. Pure.
///
/// In DOCKER-USER it is the last one before the closing RETURN, so that the administrator's own
/// rules there come first. In FORWARD, where nobody left room for others, it is the first that
/// could decide.
record AcceptRule(String mark, String text) {
    private static final String COMMENT = "sameport";

    static AcceptRule of(NatOptions options) {
        String mark = "0x%x".formatted(options.mark());
        // As iptables prints it.
        String masked = options.mask() == -1 ? mark : mark + "/0x%x".formatted(options.mask());
        return new AcceptRule(
                masked,
                "-m connmark --mark %s -m comment --comment %s -j ACCEPT"
                        .formatted(masked, COMMENT));
    }

    /// The steps that bring the rule, once, where it belongs, and away from elsewhere.
    List<Step> plan(ForwardState state) {
        List<Step> steps = new ArrayList<>();
        for (ForwardState.Filter filter : state.filters()) {
            plan(filter.program(), filter.table(), steps);
        }
        return steps;
    }

    private void plan(String program, FilterTable table, List<Step> steps) {
        String place = table.chainForAccept();
        for (String chain : table.chains().keySet()) {
            if (!chain.equals(place)) {
                removal(program, chain, table.rules(chain)).forEach(steps::add);
            }
        }
        if (!place.isEmpty() && !isWellPlaced(table, place)) {
            List<Rule> rules = table.rules(place);
            steps.addAll(removal(program, place, rules));
            List<Rule> others = rules.stream().filter(rule -> !isOurs(rule)).toList();
            steps.add(new Step.Insert(program, place, position(place, others), text));
        }
    }

    /// The steps that take the rule away, whatever mark it has.
    static List<Step> removal(ForwardState state) {
        List<Step> steps = new ArrayList<>();
        for (ForwardState.Filter filter : state.filters()) {
            filter.table()
                    .chains()
                    .forEach((chain, rules) ->
                            steps.addAll(removal(filter.program(), chain, rules)));
        }
        return steps;
    }

    private static List<Step> removal(String program, String chain, List<Rule> rules) {
        return rules.stream()
                .filter(AcceptRule::isOurs)
                .<Step>map(rule -> new Step.Delete(program, chain, rule.text()))
                .toList();
    }

    private static int position(String place, List<Rule> others) {
        return place.equals(FilterTable.FORWARD) ? 1 : end(others) + 1;
    }

    /// How many rules are before the one that closes a chain.
    private static int end(List<Rule> rules) {
        for (int i = 0; i < rules.size(); i++) {
            if (rules.get(i).ends()) {
                return i;
            }
        }
        return rules.size();
    }

    private boolean isWellPlaced(FilterTable table, String place) {
        List<Rule> rules = table.rules(place);
        List<Rule> ours = rules.stream().filter(AcceptRule::isOurs).toList();
        if (ours.size() != 1 || !saysTheSame(ours.getFirst())) {
            return false;
        }
        int at = rules.indexOf(ours.getFirst());
        if (place.equals(FilterTable.DOCKER_USER)) {
            return at == end(rules) - 1;
        }
        // One that always accepts or only counts may stay before it.
        return rules.subList(0, at).stream()
                .noneMatch(rule -> table.couldRefuse(rule) || rule.target().equals("RETURN"));
    }

    private boolean saysTheSame(Rule rule) {
        Set<String> words = new TreeSet<>(rule.words());
        return words.equals(new TreeSet<>(List.of(text.split(" "))));
    }

    private static boolean isOurs(Rule rule) {
        return rule.option("--comment").equals(COMMENT)
                && rule.words().contains("connmark")
                && rule.target().equals("ACCEPT");
    }
}
