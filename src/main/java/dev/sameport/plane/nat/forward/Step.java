package dev.sameport.plane.nat.forward;

/// A change of one rule.
sealed interface Step {
    /// The iptables program that makes it, such as `iptables-nft`.
    String program();

    String chain();

    String rule();

    /// The line of iptables-restore(8) that does it.
    String line();

    /// @param position counted from 1
    record Insert(String program, String chain, int position, String rule) implements Step {
        @Override
        public String line() {
            return "-I " + chain + " " + position + " " + rule;
        }
    }

    /// The first rule that says this.
    record Delete(String program, String chain, String rule) implements Step {
        @Override
        public String line() {
            return "-D " + chain + " " + rule;
        }
    }
}
