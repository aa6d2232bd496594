package dev.sameport.journal;

import java.util.regex.Pattern;

/// One thing outside our own table that was changed, or made, and has to be undone.
///
/// A constructor refuses what could mean something else to the command that undoes it: the journal
/// is a file, and what is in it is not believed.
public sealed interface Entry {
    /// Another value was given to a sysctl.
    ///
    /// @param name in dots, as of `Sysctl`
    /// @param former its value before
    /// @param set the value that we gave it; empty where the kernel changes it along with another,
    ///   so that nothing can be told from its value now
    record Setting(String name, String former, String set) implements Entry {
        public Setting {
            Checks.check("sysctl", name, Checks.WORD);
            Checks.check("sysctl value", former, Checks.LINE);
            Checks.check("sysctl value", set, Checks.LINE);
        }
    }

    /// An iptables rule was inserted.
    ///
    /// @param program `iptables-nft`, `ip6tables-nft`, `iptables-legacy` or `ip6tables-legacy`
    /// @param table such as `filter`
    /// @param chain such as `DOCKER-USER`
    /// @param rule what follows `-A CHAIN ` where `iptables -S` prints it
    record Rule(String program, String table, String chain, String rule) implements Entry {
        public Rule {
            Checks.check("iptables program", program, Checks.PROGRAM);
            Checks.check("table", table, Checks.IDENTIFIER);
            Checks.check("chain", chain, Checks.WORD);
            Checks.check("rule", rule, Checks.LINE);
        }
    }

    /// An nftables table that is ours alone was made; it goes with all that is in it.
    ///
    /// @param name with its family: `inet sameport_forward`
    record Table(String name) implements Entry {
        public Table {
            Checks.check("nftables table", name, Checks.TABLE);
        }
    }

    /// An nftables table of others came into being because of us; it goes if nothing is in it.
    ///
    /// @param name with its family: `ip filter`
    record CausedTable(String name) implements Entry {
        public CausedTable {
            Checks.check("nftables table", name, Checks.TABLE);
        }
    }

    /// An nftables chain of others came into being because of us; it goes if it has no rule and, as
    /// a base chain, accepts.
    ///
    /// There is no such thing for `iptables-legacy`: its tables come with a kernel module's
    /// registration in the namespace and can't be removed, so we never touch one that isn't there.
    ///
    /// @param table with its family: `ip filter`
    /// @param chain such as `FORWARD`
    record CausedChain(String table, String chain) implements Entry {
        public CausedChain {
            Checks.check("nftables table", table, Checks.TABLE);
            Checks.check("chain", chain, Checks.IDENTIFIER);
        }
    }

    /// A network interface was made.
    record Link(String name) implements Entry {
        public Link {
            Checks.check("interface", name, Checks.NAME);
        }
    }

    /// A network namespace was made under `/run/netns`.
    record Namespace(String name) implements Entry {
        public Namespace {
            Checks.check("network namespace", name, Checks.NAME);
        }
    }

    /// For a person: `net.ipv4.ip_forward = 0`.
    default String text() {
        return switch (this) {
            case Setting(String name, String former, _) -> name + " = " + former;
            case Rule(String program, _, String chain, _) ->
                    "the rule in " + chain + " of " + program;
            case Table(String name) -> "table " + name;
            case CausedTable(String name) -> "the empty table " + name;
            case CausedChain(String table, String chain) ->
                    "the empty chain " + chain + " of table " + table;
            case Link(String name) -> "interface " + name;
            case Namespace(String name) -> "network namespace " + name;
        };
    }

    /// What the parts of an entry may be.
    final class Checks {
        private static final Pattern WORD =
                Pattern.compile("[!-~&&[^-\"'\\\\]][!-~&&[^\"'\\\\]]{0,99}");
        private static final Pattern LINE = Pattern.compile("[ -~\\t]{0,500}");
        private static final Pattern PROGRAM = Pattern.compile("ip6?tables-(nft|legacy)");
        private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z][A-Za-z0-9_.-]{0,99}");
        private static final Pattern TABLE =
                Pattern.compile("(ip|ip6|inet|arp|bridge|netdev) " + IDENTIFIER.pattern());
        private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.:@-]{0,99}");

        private Checks() {}

        private static void check(String what, String value, Pattern pattern) {
            if (!pattern.matcher(value).matches()) {
                throw new IllegalArgumentException(what + " '" + value + "' is none");
            }
        }
    }
}
