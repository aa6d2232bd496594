package dev.sameport.linux;

import dev.sameport.linux.BpfCall.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A map that eBPF programs and this process share. It lives while someone has it open, a loaded
/// program uses it, or it is pinned. Takes CAP_BPF, or CAP_SYS_ADMIN. Any thread may call.
///
/// Keys and values are bytes in this machine's order.
public final class BpfMap implements AutoCloseable {

    /// What kind it is, by its number in `enum bpf_map_type`.
    public enum Type {
        HASH(1),
        /// Keys are the numbers from 0, in 4 bytes; all of them are always there.
        ARRAY(2),
        /// An array of which each processor has its own values: a read gives them all, one after
        /// the other.
        PER_CPU_ARRAY(6),
        /// An array of sockets that belong to groups of SO_REUSEPORT; a value that is written is a
        /// socket's descriptor.
        REUSEPORT_SOCKETS(20);

        private final int number;

        Type(int number) {
            this.number = number;
        }
    }

    private static final Path POSSIBLE_CPUS = Path.of("/sys/devices/system/cpu/possible");

    private final Descriptor descriptor;
    private final String name;
    private final int keyBytes;
    private final int valueBytes;

    private BpfMap(Descriptor descriptor, String name, int keyBytes, int valueBytes) {
        this.descriptor = descriptor;
        this.name = name;
        this.keyBytes = keyBytes;
        this.valueBytes = valueBytes;
    }

    /// Makes a map.
    ///
    /// @param name at most 15 letters, digits, `_` and `.`; bpftool shows it
    public static BpfMap create(
            Type type, String name, int keyBytes, int valueBytes, int maxEntries) {
        try (BpfCall call = new BpfCall(Command.MAP_CREATE)) {
            call.set(0, type.number)
                    .set(4, keyBytes)
                    .set(8, valueBytes)
                    .set(12, maxEntries)
                    .setName(28, name);
            Descriptor made = Descriptor.of("make the map " + name, call.call());
            int read = type == Type.PER_CPU_ARRAY ? valueBytes * processors() : valueBytes;
            return new BpfMap(made, name, keyBytes, read);
        }
    }

    /// The map that is pinned at `path`; it must be of this shape.
    ///
    /// @throws LinuxException with ENOENT where there is none
    public static BpfMap pinnedAt(Path path, Type type, int keyBytes, int valueBytes) {
        int read = type == Type.PER_CPU_ARRAY ? valueBytes * processors() : valueBytes;
        String name = String.valueOf(path.getFileName());
        return new BpfMap(BpfFileSystem.open(path), name, keyBytes, read);
    }

    /// What a key leads to.
    public Optional<byte[]> get(byte[] key) {
        try (BpfCall call = new BpfCall(Command.MAP_LOOKUP)) {
            element(call, key);
            MemorySegment value = call.setBytes(16, new byte[valueBytes]);
            long result = call.call();
            if (Errno.ENOENT.is(result)) {
                return Optional.empty();
            }
            LinuxException.orThrow("read the map " + name, result);
            return Optional.of(value.toArray(ValueLayout.JAVA_BYTE));
        }
    }

    /// Makes a key lead to a value.
    public void put(byte[] key, byte[] value) {
        try (BpfCall call = new BpfCall(Command.MAP_UPDATE)) {
            element(call, key);
            call.setBytes(16, value);
            call.callOrThrow("write the map " + name);
        }
    }

    /// Takes a key away; false where it was not there.
    public boolean remove(byte[] key) {
        try (BpfCall call = new BpfCall(Command.MAP_DELETE)) {
            element(call, key);
            long result = call.call();
            if (Errno.ENOENT.is(result)) {
                return false;
            }
            LinuxException.orThrow("remove from the map " + name, result);
            return true;
        }
    }

    /// The keys that are there.
    public List<byte[]> keys() {
        List<byte[]> keys = new ArrayList<>();
        byte[] last = null;
        while (true) {
            try (BpfCall call = new BpfCall(Command.MAP_NEXT_KEY)) {
                call.set(0, descriptor.number());
                if (last != null) {
                    call.setBytes(8, last);
                }
                MemorySegment next = call.setBytes(16, new byte[keyBytes]);
                long result = call.call();
                if (Errno.ENOENT.is(result)) {
                    return keys;
                }
                LinuxException.orThrow("list the map " + name, result);
                last = next.toArray(ValueLayout.JAVA_BYTE);
                keys.add(last);
            }
        }
    }

    private void element(BpfCall call, byte[] key) {
        if (key.length != keyBytes) {
            throw new IllegalArgumentException(
                    "map " + name + ": key of " + key.length + " bytes, not " + keyBytes);
        }
        call.set(0, descriptor.number());
        call.setBytes(8, key);
    }

    /// Keeps it, beyond this process, as a file of a bpf file system.
    public void pin(Path path) {
        BpfFileSystem.pin(descriptor, path);
    }

    /// The descriptor, for a program that is about to be loaded.
    public int descriptor() {
        return descriptor.number();
    }

    /// How many processors a per-processor map has values for.
    public static int processors() {
        try {
            // Such as 0-7, or 0,2-3: the highest counts.
            String[] ends = Files.readString(POSSIBLE_CPUS).strip().split("[-,]", -1);
            return Integer.parseInt(ends[ends.length - 1]) + 1;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public void close() {
        descriptor.close();
    }
}
