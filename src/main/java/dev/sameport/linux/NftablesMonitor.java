package dev.sameport.linux;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/// Tells of every change of the network namespace's nftables that wasn't made by a thread of this
/// process.
///
/// It tells who, not what: look at the rules. Changes through `iptables-legacy` aren't nftables'
/// and are not told. In a process namespace of its own, or with the nft command in the library's
/// place, a process can't know its own changes by their process ids, so they are told as well.
public final class NftablesMonitor implements AutoCloseable {
    private static final int GROUP_NFTABLES = 7;
    private static final int MESSAGE_NEWGEN = (10 << 8) | 15;
    private static final int NFGENMSG_BYTES = 4;
    private static final int GEN_PROC_PID = 2;
    private static final int GEN_PROC_NAME = 3;

    private final NetlinkListener listener;

    private NftablesMonitor(NetlinkListener listener) {
        this.listener = listener;
    }

    /// Watches the calling thread's network namespace from now on. Takes CAP_NET_ADMIN.
    ///
    /// @param onForeignChange called on the monitor's own thread, which it shouldn't keep long
    public static NftablesMonitor open(Consumer<RulesetChange> onForeignChange) {
        return new NftablesMonitor(
                NetlinkListener.start(
                        "nft-monitor",
                        NetlinkSocket.NETFILTER,
                        List.of(GROUP_NFTABLES),
                        new Receiver(onForeignChange)));
    }

    /// Ends; when this returns, nothing is told any more.
    @Override
    public void close() {
        listener.close();
    }

    private record Receiver(Consumer<RulesetChange> onForeignChange)
            implements NetlinkListener.Receiver {
        @Override
        public void received(List<NetlinkMessage> messages) {
            messages.stream()
                    .filter(message -> message.type() == MESSAGE_NEWGEN)
                    .map(Receiver::changeOf)
                    .filter(change -> !isOurs(change))
                    .forEach(onForeignChange);
        }

        @Override
        public void lost() {
            onForeignChange.accept(RulesetChange.UNKNOWN);
        }

        private static RulesetChange changeOf(NetlinkMessage message) {
            NetlinkAttributes attributes = message.attributes(NFGENMSG_BYTES);
            return new RulesetChange(
                    attributes.u32BigEndian(GEN_PROC_PID, 0), attributes.text(GEN_PROC_NAME));
        }

        /// The number alone could be another process's in another process namespace, so the name
        /// must fit too.
        private static boolean isOurs(RulesetChange change) {
            Path name = Path.of("/proc/self/task/" + change.processId() + "/comm");
            try {
                return Files.readString(name, StandardCharsets.ISO_8859_1)
                        .strip()
                        .equals(change.processName());
            } catch (IOException _) {
                return false; // No such thread: not ours.
            }
        }
    }
}
