package dev.sameport.admin;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.unix.DomainSocketChannel;
import io.netty.channel.unix.RawUnixChannelOption;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Asks the kernel who is at the other end of a unix socket.
final class Peers {
    private static final int SOL_SOCKET = 1;
    private static final int SO_PEERCRED = 17;
    private static final int SO_PEERGROUPS = 59;

    /// `struct ucred`: process, user, group.
    private static final int UCRED_BYTES = 12;

    /// NGROUPS_MAX.
    private static final int MOST_GROUPS = 65_536;

    private Peers() {}

    /// The peer, or null where that can't be told.
    static @Nullable PeerCredentials of(Channel channel) {
        if (!(channel instanceof DomainSocketChannel)) {
            return null;
        }
        ByteBuffer peer = read(channel, "SO_PEERCRED", SO_PEERCRED, UCRED_BYTES);
        List<Integer> groups = groups(channel);
        return peer == null || groups == null
                ? null
                : new PeerCredentials(peer.getInt(), peer.getInt(), peer.getInt(), groups);
    }

    /// The supplementary groups (Linux 4.13); reading them of the peer's process would race with
    /// its end.
    ///
    /// The option refuses a buffer that is too small, and Netty does not tell how much of a larger
    /// one was filled, so the smallest that is taken is searched for: its size is their number.
    private static @Nullable List<Integer> groups(Channel channel) {
        int least = 0;
        int most = MOST_GROUPS;
        if (groups(channel, most) == null) {
            return null;
        }
        while (least < most) {
            int middle = (least + most) / 2;
            if (groups(channel, middle) == null) {
                least = middle + 1;
            } else {
                most = middle;
            }
        }
        ByteBuffer found = groups(channel, least);
        List<Integer> groups = new ArrayList<>(least);
        for (int i = 0; found != null && i < least; i++) {
            groups.add(found.getInt());
        }
        return groups;
    }

    /// The first `count` groups, or null where there are more. Zero bytes are not allowed; one byte
    /// holds no group either.
    private static @Nullable ByteBuffer groups(Channel channel, int count) {
        int bytes = Math.max(1, count * Integer.BYTES);
        return read(channel, "SO_PEERGROUPS", SO_PEERGROUPS, bytes);
    }

    private static @Nullable ByteBuffer read(Channel channel, String name, int option, int bytes) {
        try {
            ByteBuffer value =
                    channel.config()
                            .getOption(new RawUnixChannelOption(name, SOL_SOCKET, option, bytes));
            return value == null ? null : value.order(ByteOrder.nativeOrder());
        } catch (ChannelException _) {
            return null; // ERANGE, or the peer is gone
        }
    }
}
