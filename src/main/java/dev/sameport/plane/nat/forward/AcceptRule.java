package dev.sameport.plane.nat.forward;

import dev.sameport.plane.nat.NatOptions;
import java.util.ArrayList;
import java.util.List;

/// The rule that accepts our connections by their mark, and where it has to be. Pure.
///
/// In DOCKER-USER it is the last one before the closing RETURN, so that the administrator's own
/// rules there come first. In FORWARD, where nobody left room for others, it is the first.
record AcceptRule(String text) {
    static AcceptRule of(NatOptions options) {
        return new AcceptRule(
                "-m connmark --mark 0x%x/0x%x -m comment --comment sameport -j ACCEPT"
                        .formatted(options.mark(), options.mask()));
    }

    /// The words after the program's name, per command; nothing where all is as it should be.
    List<List<String>> plan(FilterTable table) {
        List<List<String>> commands = new ArrayList<>();
        String chain = table.chain();
        if (chain.isEmpty()) {
            return commands;
        }
        List<String> rules = table.rules(chain);
        if (wellPlaced(rules, chain)) {
            return commands;
        }
        int position = 1;
        for (String rule : rules) {
            if (rule.equals(text)) {
                commands.add(words("-D", chain, -1));
            }
        }
        if (chain.equals(FilterTable.DOCKER_USER)) {
            List<String> others = rules.stream().filter(rule -> !rule.equals(text)).toList();
            position =
                    others.isEmpty() || !closes(others.getLast())
                            ? others.size() + 1
                            : others.size();
        }
        commands.add(words("-I", chain, position));
        return commands;
    }

    private static boolean closes(String rule) {
        return rule.equals("-j RETURN");
    }

    private boolean wellPlaced(List<String> rules, String chain) {
        int at = rules.indexOf(text);
        if (at < 0 || rules.lastIndexOf(text) != at) {
            return false;
        }
        if (chain.equals(FilterTable.FORWARD)) {
            return at == 0;
        }
        return at == rules.size() - 1 || (at == rules.size() - 2 && closes(rules.getLast()));
    }

    List<String> words(String command, String chain, int position) {
        List<String> words = new ArrayList<>(List.of("-w", command, chain));
        if (position > 0) {
            words.add(Integer.toString(position));
        }
        words.addAll(List.of(text.split(" ")));
        return words;
    }
}
