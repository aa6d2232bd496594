package dev.sameport.plane.reuseport;

import dev.sameport.linux.BorrowedSocket;
import dev.sameport.linux.BpfFileSystem;
import dev.sameport.linux.LinuxException;
import dev.sameport.plane.reuseport.Seats.Seat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// The group of one port, replaced by a larger one when more sockets come than it holds. Where this
/// machine can have none, the kernel spreads connections evenly and nothing is counted.
///
/// It is pinned under `KEY-SIZE`. One thread at a time.
final class Groups implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Groups.class.getName());
    private static final int FIRST_SIZE = 64;

    private final @Nullable Path folder;
    private final String key;
    private final Map<Long, Integer> found = new HashMap<>();
    private @Nullable Group group;
    private int[] weights = {};

    /// Takes over what an earlier daemon pinned.
    ///
    /// @param folder in a bpf file system; null where there is none
    Groups(@Nullable Path folder, String key) {
        this.folder = folder;
        this.key = key;
        if (folder != null) {
            this.group = largest(folder);
        }
        if (group != null) {
            group.cookies().forEach((number, cookie) -> found.put(cookie, number));
        }
    }

    private @Nullable Group largest(Path folder) {
        int size = 0;
        for (Path each : pinned(folder)) {
            int one = sizeOf(each);
            if (one > size && Group.isPinnedAt(each)) {
                size = one;
            }
        }
        return size == 0 ? null : Group.pinnedAt(folder.resolve(key + "-" + size), size);
    }

    private List<Path> pinned(Path folder) {
        if (!BpfFileSystem.isOne(folder)) {
            return List.of();
        }
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder, key + "-*")) {
            List<Path> pinned = new java.util.ArrayList<>();
            all.forEach(pinned::add);
            return pinned;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static int sizeOf(Path pinned) {
        String name = pinned.getFileName().toString();
        try {
            return Integer.parseInt(name.substring(name.lastIndexOf('-') + 1));
        } catch (NumberFormatException _) {
            return 0;
        }
    }

    /// The number that a socket has from before, if it has one.
    OptionalInt numberOf(long cookie) {
        Integer number = found.get(cookie);
        return number == null ? OptionalInt.empty() : OptionalInt.of(number);
    }

    /// Makes room for `members`; a larger group takes `seats` over.
    void grow(int members, List<Seat> seats) {
        Path within = folder;
        if (within == null || (group != null && members <= group.size())) {
            return;
        }
        Group before = group;
        int size = before == null ? FIRST_SIZE : before.size();
        while (size < members) {
            size *= 2;
        }
        Group larger = Group.create(within.resolve(key + "-" + size), size);
        group = larger;
        if (before != null) {
            // A socket can be in one group at a time; until it is in the new one the kernel
            // chooses evenly.
            seats.forEach(seat -> move(seat, before, larger));
            larger.weigh(weights);
            before.close();
            Group.remove(within.resolve(key + "-" + before.size()));
        }
    }

    private static void move(Seat seat, Group before, Group larger) {
        larger.countFrom(seat.number(), before.hits(seat.number()));
        before.leave(seat.number());
        BorrowedSocket.of(seat.pid(), seat.inode())
                .ifPresent(socket -> {
                    try (socket) {
                        boolean _ = joined(larger, seat.number(), socket);
                    }
                });
    }

    /// Gives a number its socket, unless it has it from before; false where the socket is in no
    /// group of the kernel's yet.
    boolean join(int number, long cookie, BorrowedSocket socket) {
        boolean there = found.remove(cookie) != null;
        return group == null || there || joined(group, number, socket);
    }

    private static boolean joined(Group group, int number, BorrowedSocket socket) {
        try {
            group.join(number, socket);
            return true;
        } catch (LinuxException refusal) {
            LOG.log(Level.DEBUG, "reuseport seat={0} reason={1}", number, refusal.getMessage());
            return false;
        }
    }

    void leave(int number) {
        if (group != null) {
            group.leave(number);
        }
    }

    void weigh(int[] next) {
        weights = next;
        if (group != null) {
            group.weigh(next);
        }
    }

    long hits(int number) {
        return group == null || number >= group.size() ? 0 : group.hits(number);
    }

    /// Takes away what is pinned.
    void erase() {
        close();
        if (folder != null) {
            pinned(folder).forEach(Group::remove);
        }
    }

    @Override
    public void close() {
        if (group != null) {
            group.close();
            group = null;
        }
    }
}
