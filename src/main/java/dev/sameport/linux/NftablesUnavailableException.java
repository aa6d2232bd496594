package dev.sameport.linux;

/// Why this machine's nftables can't be used, and what would change that.
public final class NftablesUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String reason;
    private final String fix;

    /// Gives the reason, and the fix as an instruction.
    public NftablesUnavailableException(String reason, String fix) {
        super("nftables is unavailable: " + reason + "; " + fix);
        this.reason = reason;
        this.fix = fix;
    }

    /// What is missing or refused.
    public String reason() {
        return reason;
    }

    /// What to do about it.
    public String fix() {
        return fix;
    }
}
