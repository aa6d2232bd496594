package dev.sameport.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/// One call of bpf(2): its command, and the fields of `union bpf_attr` at the offsets that
/// `linux/bpf.h` gives them. What is not set is zero.
final class BpfCall implements AutoCloseable {
    /// A command, by its number in `enum bpf_cmd`.
    enum Command {
        MAP_CREATE(0),
        MAP_LOOKUP(1),
        MAP_UPDATE(2),
        MAP_DELETE(3),
        MAP_NEXT_KEY(4),
        PROGRAM_LOAD(5),
        PIN(6),
        GET_PINNED(7),
        PROGRAM_BY_ID(13),
        INFO(15),
        ATTACHED(16),
        LINK_CREATE(28),
        LINK_UPDATE(29),
        LINK_DETACH(34);

        private final int number;

        Command(int number) {
            this.number = number;
        }
    }

    /// The longest name of a program or a map, with its closing zero.
    private static final int NAME_BYTES = 16;

    private static final int BYTES = 128;

    private final Command command;
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment attributes = arena.allocate(BYTES, Long.BYTES);

    BpfCall(Command command) {
        this.command = command;
    }

    BpfCall set(int offset, int value) {
        attributes.set(ValueLayout.JAVA_INT, offset, value);
        return this;
    }

    BpfCall setLong(int offset, long value) {
        attributes.set(ValueLayout.JAVA_LONG, offset, value);
        return this;
    }

    /// Sets the address of a copy of `bytes`; the copy holds what the kernel wrote there.
    MemorySegment setBytes(int offset, byte[] bytes) {
        MemorySegment copy = arena.allocate(Math.max(1, bytes.length), Long.BYTES);
        MemorySegment.copy(bytes, 0, copy, ValueLayout.JAVA_BYTE, 0, bytes.length);
        setLong(offset, copy.address());
        return copy;
    }

    BpfCall setText(int offset, String text) {
        return setLong(offset, arena.allocateFrom(text, StandardCharsets.UTF_8).address());
    }

    /// The kernel takes letters, digits, `_` and `.`.
    BpfCall setName(int offset, String name) {
        byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
        if (bytes.length >= NAME_BYTES) {
            throw new IllegalArgumentException(
                    "name '" + name + "' is longer than " + (NAME_BYTES - 1) + " bytes");
        }
        MemorySegment.copy(bytes, 0, attributes, ValueLayout.JAVA_BYTE, offset, bytes.length);
        return this;
    }

    int get(int offset) {
        return attributes.get(ValueLayout.JAVA_INT, offset);
    }

    /// Calls; the result, or minus the error number.
    long call() {
        return SystemCall.BPF.call(command.number, attributes.address(), BYTES);
    }

    /// Calls; throws if the kernel refuses.
    long callOrThrow(String operation) {
        return LinuxException.orThrow(operation, call());
    }

    @Override
    public void close() {
        arena.close();
    }
}
