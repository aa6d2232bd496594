package dev.sameport.plane.reuseport;

import dev.sameport.linux.BorrowedSocket;
import dev.sameport.linux.BpfFileSystem;
import dev.sameport.linux.BpfMap;
import dev.sameport.linux.BpfProgram;
import dev.sameport.linux.BpfProgram.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The sockets that share one port of a network namespace, and who of them gets how much.
///
/// Members have numbers from 0. A member whose socket is closed leaves by itself; connections of
/// its slots are then spread by the kernel. The maps are pinned in a folder of their own, so that
/// the shares and counts outlive the daemon. One thread at a time.
final class Group implements AutoCloseable {
    private static final List<String> PINNED = List.of("program", "slots", "hits", "sockets");

    private final int size;
    private final BpfMap slots;
    private final BpfMap hits;
    private final BpfMap sockets;
    private final BpfProgram program;
    private int[] shares;

    private Group(int size, BpfMap slots, BpfMap hits, BpfMap sockets, BpfProgram program) {
        this.size = size;
        this.slots = slots;
        this.hits = hits;
        this.sockets = sockets;
        this.program = program;
        this.shares = new int[SelectProgram.SLOTS];
    }

    /// Makes one for at most `size` members, and pins it.
    ///
    /// @param folder a folder, made here, in a bpf file system
    static Group create(Path folder, int size) {
        directory(folder);
        BpfMap slots =
                BpfMap.create(BpfMap.Type.ARRAY, "sameport_slots", 4, 4, SelectProgram.SLOTS);
        BpfMap hits = BpfMap.create(BpfMap.Type.PER_CPU_ARRAY, "sameport_hits", 4, 8, size);
        BpfMap sockets = BpfMap.create(BpfMap.Type.REUSEPORT_SOCKETS, "sameport_socks", 4, 8, size);
        BpfProgram program =
                BpfProgram.load(
                        Kind.REUSEPORT_SELECT_OR_MIGRATE,
                        "sameport_select",
                        SelectProgram.assemble(
                                slots.descriptor(), hits.descriptor(), sockets.descriptor()));
        Group made = new Group(size, slots, hits, sockets, program);
        made.clear();
        slots.pin(folder.resolve("slots"));
        hits.pin(folder.resolve("hits"));
        sockets.pin(folder.resolve("sockets"));
        program.pin(folder.resolve("program")); // the last: it says that all are there
        return made;
    }

    /// Finds one that was pinned.
    static Group pinnedAt(Path folder, int size) {
        Group found =
                new Group(
                        size,
                        BpfMap.pinnedAt(folder.resolve("slots"), BpfMap.Type.ARRAY, 4, 4),
                        BpfMap.pinnedAt(folder.resolve("hits"), BpfMap.Type.PER_CPU_ARRAY, 4, 8),
                        BpfMap.pinnedAt(
                                folder.resolve("sockets"), BpfMap.Type.REUSEPORT_SOCKETS, 4, 8),
                        BpfProgram.pinnedAt(folder.resolve("program")));
        for (int slot = 0; slot < SelectProgram.SLOTS; slot++) {
            found.shares[slot] = number(found.slots.get(key(slot)).orElseThrow());
        }
        return found;
    }

    /// Whether a whole one is pinned there.
    static boolean isPinnedAt(Path folder) {
        return BpfFileSystem.isOne(folder) && Files.exists(folder.resolve("program"));
    }

    private static void directory(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void clear() {
        for (int slot = 0; slot < shares.length; slot++) {
            slots.put(key(slot), key(Shares.NOBODY));
        }
        Arrays.fill(shares, Shares.NOBODY);
    }

    /// Gives a member its socket; also makes the program choose in its group, of which one call for
    /// any socket is enough.
    void join(int member, BorrowedSocket socket) {
        if (member < 0 || member >= size) {
            throw new IllegalArgumentException("member " + member + " of " + size);
        }
        socket.into(sockets, key(member));
        socket.choose(program);
    }

    /// Takes a member's socket out before it closes.
    void leave(int member) {
        var _ = sockets.remove(key(member));
    }

    /// The cookies of the members' sockets, by the members' numbers.
    Map<Integer, Long> cookies() {
        Map<Integer, Long> cookies = new TreeMap<>();
        for (int member = 0; member < size; member++) {
            int number = member;
            sockets.get(key(member))
                    .map(value -> ByteBuffer.wrap(value).order(ByteOrder.nativeOrder()).getLong())
                    .ifPresent(cookie -> cookies.put(number, cookie));
        }
        return cookies;
    }

    /// Lets a member's count go on from a number.
    void countFrom(int member, long count) {
        ByteBuffer value =
                ByteBuffer.allocate(Long.BYTES * BpfMap.processors())
                        .order(ByteOrder.nativeOrder())
                        .putLong(count);
        hits.put(key(member), value.array());
    }

    /// How many members it may have.
    int size() {
        return size;
    }

    /// Says who gets how much, by number; who is not named, or has 0, gets nothing new.
    void weigh(int[] weights) {
        int[] next = Shares.of(shares, weights);
        for (int slot = 0; slot < next.length; slot++) {
            if (next[slot] != shares[slot]) {
                slots.put(key(slot), key(next[slot]));
            }
        }
        shares = next;
    }

    /// How many connections a member was given so far.
    long hits(int member) {
        ByteBuffer counts =
                ByteBuffer.wrap(hits.get(key(member)).orElseThrow()).order(ByteOrder.nativeOrder());
        long sum = 0;
        while (counts.hasRemaining()) {
            sum += counts.getLong();
        }
        return sum;
    }

    private static byte[] key(int number) {
        return ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.nativeOrder())
                .putInt(number)
                .array();
    }

    private static int number(byte[] value) {
        return ByteBuffer.wrap(value).order(ByteOrder.nativeOrder()).getInt();
    }

    /// Takes away what is pinned; the kernel goes on choosing for sockets that are still open.
    static void remove(Path folder) {
        try {
            for (String name : PINNED) {
                Files.deleteIfExists(folder.resolve(name));
            }
            Files.deleteIfExists(folder);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public void close() {
        program.close();
        sockets.close();
        hits.close();
        slots.close();
    }
}
