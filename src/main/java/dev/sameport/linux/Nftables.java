package dev.sameport.linux;

/// The nftables of one network namespace, spoken to in the language of nft(8).
///
/// Any thread may call; calls are done one after the other and block their caller for about a
/// millisecond. Mind the oldest nft that is served (1.0.6): no newline before the `}` of sets and
/// maps, no `destroy`, and `dstnat` as a priority only in prerouting.
public interface Nftables extends AutoCloseable {
    /// Does all of `commands`, one per line, in one transaction: on failure nothing is changed.
    ///
    /// @throws NftablesException with nft's own words when one of them is refused
    void apply(String commands);

    /// What a listing command (`list table inet sameport`) tells, as JSON text
    /// (libnftables-json(5)), counters included.
    ///
    /// Protocols come as numbers (`6`, not `"tcp"`), because their names depend on the machine's
    /// `/etc/protocols`.
    ///
    /// @throws NftablesException when it is refused, for example because there is no such table
    String list(String command);

    /// What a listing command tells, in the form in which nft(8) reads it back.
    ///
    /// @throws NftablesException when it is refused
    String listText(String command);

    /// What does the work, for a person: `libnftables.so.1` or `/usr/sbin/nft`.
    String description();

    /// Ends the connection to the kernel; rules stay.
    @Override
    void close();

    /// Opens the nftables of the calling thread's network namespace, through libnftables, else
    /// through the nft command.
    ///
    /// @throws NftablesUnavailableException when there is neither, or the kernel or a lack of
    ///   privilege refuses
    static Nftables open() {
        try (NetworkNamespace own = NetworkNamespace.own()) {
            return open(own);
        }
    }

    /// Opens the nftables of `namespace`, which may be closed afterwards.
    ///
    /// @throws NftablesUnavailableException when there is no nft, or the kernel or a lack of
    ///   privilege refuses
    static Nftables open(NetworkNamespace namespace) {
        return new NftablesSources("libnftables.so.1", NftCommand.usualPlaces()).open(namespace);
    }
}
