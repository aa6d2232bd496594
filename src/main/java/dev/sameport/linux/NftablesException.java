package dev.sameport.linux;

/// A refusal of nftables, in the words of nft(8), with the commands that it refused.
public final class NftablesException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String reason;
    private final String commands;

    /// Tells that `commands` were refused for `reason`.
    public NftablesException(String reason, String commands) {
        super("nftables: " + reason);
        this.reason = reason;
        this.commands = commands;
    }

    /// What nft said, without the final newline.
    ///
    /// Of several lines, libnftables 1.0.6 quotes the first, with the mark below the column of the
    /// refused one.
    public String reason() {
        return reason;
    }

    /// All of the commands, as they were given.
    public String commands() {
        return commands;
    }
}
