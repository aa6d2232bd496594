package dev.sameport.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/// The functions of libnftables (libnftables(3)) that are used here.
final class Libnftables {
    static final int OUTPUT_JSON = 1 << 4;
    static final int OUTPUT_NUMERIC_PROTOCOL = 1 << 7;

    private final String name;
    private final MethodHandle newContext;
    private final MethodHandle freeContext;
    private final MethodHandle bufferOutput;
    private final MethodHandle bufferError;
    private final MethodHandle outputBuffer;
    private final MethodHandle errorBuffer;
    private final MethodHandle setOutputFlags;
    private final MethodHandle run;

    private Libnftables(String name, SymbolLookup library) {
        this.name = name;
        FunctionDescriptor intOfContext = FunctionDescriptor.of(JAVA_INT, ADDRESS);
        FunctionDescriptor textOfContext = FunctionDescriptor.of(ADDRESS, ADDRESS);
        newContext = function(library, "ctx_new", FunctionDescriptor.of(ADDRESS, JAVA_INT));
        freeContext = function(library, "ctx_free", FunctionDescriptor.ofVoid(ADDRESS));
        bufferOutput = function(library, "ctx_buffer_output", intOfContext);
        bufferError = function(library, "ctx_buffer_error", intOfContext);
        outputBuffer = function(library, "ctx_get_output_buffer", textOfContext);
        errorBuffer = function(library, "ctx_get_error_buffer", textOfContext);
        setOutputFlags =
                function(
                        library,
                        "ctx_output_set_flags",
                        FunctionDescriptor.ofVoid(ADDRESS, JAVA_INT));
        run =
                function(
                        library,
                        "run_cmd_from_buffer",
                        FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
    }

    private static MethodHandle function(
            SymbolLookup library, String name, FunctionDescriptor type) {
        return Linker.nativeLinker().downcallHandle(library.findOrThrow("nft_" + name), type);
    }

    /// Loads the library into this process, for good; empty where it isn't installed.
    static Optional<Libnftables> load(String name) {
        SymbolLookup library;
        try {
            library = SymbolLookup.libraryLookup(name, Arena.global());
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
        return Optional.of(new Libnftables(name, library));
    }

    String name() {
        return name;
    }

    /// Makes a context with its own connection to the kernel, in the calling thread's namespace.
    MemorySegment newContext() {
        return invoke(() -> {
            MemorySegment context = (MemorySegment) newContext.invokeExact(0);
            if (context.address() == 0
                    || (int) bufferOutput.invokeExact(context) != 0
                    || (int) bufferError.invokeExact(context) != 0) {
                throw new OutOfMemoryError("libnftables has no memory for a context");
            }
            return context;
        });
    }

    void freeContext(MemorySegment context) {
        var _ =
                invoke(() -> {
                    freeContext.invokeExact(context);
                    return true;
                });
    }

    void setOutputFlags(MemorySegment context, int flags) {
        var _ =
                invoke(() -> {
                    setOutputFlags.invokeExact(context, flags);
                    return true;
                });
    }

    /// Runs commands; false when they were refused.
    boolean run(MemorySegment context, String commands) {
        return invoke(() -> {
            try (Arena arena = Arena.ofConfined()) {
                return (int) run.invokeExact(context, arena.allocateFrom(commands)) == 0;
            }
        });
    }

    /// Takes what the last commands printed.
    String takeOutput(MemorySegment context) {
        return invoke(() -> text((MemorySegment) outputBuffer.invokeExact(context)));
    }

    /// Takes the complaints about the last commands.
    String takeErrors(MemorySegment context) {
        return invoke(() -> text((MemorySegment) errorBuffer.invokeExact(context)));
    }

    private static String text(MemorySegment start) {
        return start.address() == 0 ? "" : start.reinterpret(Long.MAX_VALUE).getString(0);
    }

    private interface NativeCall<T> {
        T call() throws Throwable;
    }

    private static <T> T invoke(NativeCall<T> call) {
        try {
            return call.call();
        } catch (RuntimeException | Error failure) {
            throw failure;
        } catch (Throwable impossible) {
            throw new AssertionError("native functions throw nothing", impossible);
        }
    }
}
