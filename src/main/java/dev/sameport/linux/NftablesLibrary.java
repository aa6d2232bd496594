package dev.sameport.linux;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicBoolean;

/// nftables through libnftables in this process, with one context kept open: a fortieth of the cost
/// of a command.
final class NftablesLibrary implements Nftables {
    private final Libnftables library;
    private final NamespaceThread thread;
    private final MemorySegment context; // confined to thread: libnftables is not thread-safe
    private final AtomicBoolean closed = new AtomicBoolean();

    NftablesLibrary(Libnftables library, NetworkNamespace namespace) {
        this.library = library;
        this.thread = NamespaceThread.start("sameport-nft", namespace);
        this.context =
                thread.get(() -> {
                    boolean _ = ThreadPriority.raise();
                    PrivateDescriptors.begin();
                    return library.newContext();
                });
    }

    @Override
    public void apply(String commands) {
        var _ = run(commands, 0);
    }

    @Override
    public String list(String command) {
        return run(command, Libnftables.OUTPUT_JSON | Libnftables.OUTPUT_NUMERIC_PROTOCOL);
    }

    @Override
    public String listText(String command) {
        return run(command, 0);
    }

    private String run(String commands, int outputFlags) {
        if (commands.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("nftables commands with a NUL character");
        }
        return thread.get(() -> runHere(commands, outputFlags));
    }

    private String runHere(String commands, int outputFlags) {
        library.setOutputFlags(context, outputFlags);
        boolean done = library.run(context, commands);
        // Both are taken each time, lest the next call find them; errors count only after a
        // failure.
        String output = library.takeOutput(context);
        String errors = library.takeErrors(context);
        if (!done) {
            throw new NftablesException(errors.strip(), commands);
        }
        return output;
    }

    @Override
    public String description() {
        return library.name();
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            thread.run(() -> library.freeContext(context));
            thread.close();
        }
    }
}
