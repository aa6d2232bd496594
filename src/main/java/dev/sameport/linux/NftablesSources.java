package dev.sameport.linux;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Where nftables may be found on a machine: a library, else one of some commands.
record NftablesSources(String library, List<Path> commands) {
    NftablesSources {
        commands = List.copyOf(commands);
    }

    /// Opens the first that is there, and tries it.
    Nftables open(NetworkNamespace namespace) {
        Nftables nftables = find(namespace);
        try {
            var _ = nftables.listText("list tables");
            return nftables;
        } catch (NftablesException refusal) {
            nftables.close();
            throw new NftablesUnavailableException(refusal.reason(), fixOf(refusal.reason()));
        }
    }

    private Nftables find(NetworkNamespace namespace) {
        Optional<Libnftables> found = Libnftables.load(library);
        if (found.isPresent()) {
            return new NftablesLibrary(found.get(), namespace);
        }
        return commands.stream()
                .filter(Files::isExecutable)
                .findFirst()
                .map(command -> new NftCommand(command, namespace))
                .orElseThrow(() ->
                        new NftablesUnavailableException(
                                "neither " + library + " nor the nft command is installed",
                                "install the package nftables"));
    }

    private static String fixOf(String reason) {
        if (reason.contains("not permitted") || reason.contains("denied")) {
            return "run as root, or with CAP_NET_ADMIN";
        }
        if (reason.contains("not supported")) {
            return "use a kernel with nf_tables (modprobe nf_tables, or CONFIG_NF_TABLES=y)";
        }
        return "see that `nft list tables` works";
    }
}
