package dev.sameport.linux;

/// A transaction that somebody committed to this network namespace's nftables.
///
/// @param processId the thread that committed, as seen from the initial process namespace; 0 when
///   unknown
/// @param processName that thread's name (`nft`, `dockerd`), at most 15 characters; empty when
///   unknown
public record RulesetChange(int processId, String processName) {
    /// What is told when notifications were lost: somebody may have changed anything.
    public static final RulesetChange UNKNOWN = new RulesetChange(0, "");
}
