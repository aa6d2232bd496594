package dev.sameport.plane.nat.forward;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// A rule of a chain, as `iptables -S` prints it.
///
/// @param text what follows `-A CHAIN `
/// @param words `text` in words, without quotation marks
record Rule(String text, List<String> words) {
    /// The targets after which a packet goes on, or leaves this chain unharmed.
    private static final Set<String> HARMLESS =
            Set.of(
                    "",
                    "ACCEPT",
                    "AUDIT",
                    "CHECKSUM",
                    "CLASSIFY",
                    "CONNMARK",
                    "CONNSECMARK",
                    "CT",
                    "DSCP",
                    "ECN",
                    "HL",
                    "HMARK",
                    "IDLETIMER",
                    "LED",
                    "LOG",
                    "MARK",
                    "NFLOG",
                    "NOTRACK",
                    "RATEEST",
                    "RETURN",
                    "SECMARK",
                    "SET",
                    "TCPMSS",
                    "TEE",
                    "TOS",
                    "TRACE",
                    "TTL",
                    "ULOG");

    static Rule parse(String text) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean quoted = false;
        boolean begun = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') {
                quoted = !quoted;
                begun = true;
            } else if (c == '\\' && quoted && i + 1 < text.length()) {
                word.append(text.charAt(++i));
            } else if (c == ' ' && !quoted) {
                if (begun) {
                    words.add(word.toString());
                }
                word.setLength(0);
                begun = false;
            } else {
                word.append(c);
                begun = true;
            }
        }
        if (begun) {
            words.add(word.toString());
        }
        return new Rule(text, List.copyOf(words));
    }

    /// Where a packet that matches goes, `DROP` or a chain's name; empty where it only goes on.
    String target() {
        int at = targetAt();
        return at < 0 || at + 1 >= words.size() ? "" : words.get(at + 1);
    }

    /// Whether every packet matches. A comment is no condition.
    boolean isUnconditional() {
        List<String> conditions = targetAt() < 0 ? words : words.subList(0, targetAt());
        return conditions.isEmpty()
                || (conditions.size() == 4
                        && conditions.subList(0, 3).equals(List.of("-m", "comment", "--comment")));
    }

    /// What follows an option; empty where there is no such option.
    String option(String name) {
        int at = words.indexOf(name);
        return at < 0 || at + 1 >= words.size() ? "" : words.get(at + 1);
    }

    /// Whether its target, not being a chain of the table, can keep a packet from being forwarded;
    /// of an unknown one that is assumed.
    boolean refuses() {
        return !HARMLESS.contains(target());
    }

    /// Whether nothing after it in its chain is ever reached.
    boolean ends() {
        return isUnconditional() && target().equals("RETURN");
    }

    private int targetAt() {
        int jump = words.indexOf("-j");
        return jump < 0 ? words.indexOf("-g") : jump;
    }
}
