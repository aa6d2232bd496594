package dev.sameport.plane.proxy;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoOps;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/// Netty's native epoll transport, found by name: its jar is there at run time only, and its
/// library only for some machines.
final class NativeEpoll {
    private static final String PACKAGE = "io.netty.channel.epoll.";

    private final MethodHandle handlers;
    private final MethodHandle listener;
    private final MethodHandle socket;
    private final IoOps nothing;
    private final IoOps onlyErrors;

    private NativeEpoll() throws ReflectiveOperationException {
        MethodHandles.Lookup lookup = MethodHandles.publicLookup();
        handlers =
                lookup.findStatic(
                        Class.forName(PACKAGE + "EpollIoHandler"),
                        "newFactory",
                        MethodType.methodType(IoHandlerFactory.class));
        listener = constructor(lookup, "EpollServerSocketChannel", ServerSocketChannel.class);
        socket = constructor(lookup, "EpollSocketChannel", SocketChannel.class);
        Class<?> operations = Class.forName(PACKAGE + "EpollIoOps");
        nothing = (IoOps) operations.getField("NONE").get(null);
        onlyErrors = (IoOps) operations.getField("EPOLLET").get(null);
    }

    private static MethodHandle constructor(
            MethodHandles.Lookup lookup, String name, Class<?> result)
            throws ReflectiveOperationException {
        return lookup.findConstructor(
                        Class.forName(PACKAGE + name),
                        MethodType.methodType(void.class, SocketProtocolFamily.class))
                .asType(MethodType.methodType(result, SocketProtocolFamily.class));
    }

    /// Why it can't be used here, or null where it can.
    static @Nullable Throwable obstacle() {
        try {
            return (Throwable)
                    Class.forName(PACKAGE + "Epoll").getMethod("unavailabilityCause").invoke(null);
        } catch (ReflectiveOperationException absent) {
            return absent;
        }
    }

    /// Finds it; to be called where there is no obstacle.
    static NativeEpoll find() {
        try {
            return new NativeEpoll();
        } catch (ReflectiveOperationException absent) {
            throw new IllegalStateException("Netty's epoll transport is not there", absent);
        }
    }

    IoHandlerFactory handlers() {
        IoHandlerFactory epoll =
                (IoHandlerFactory) call(() -> (IoHandlerFactory) handlers.invokeExact());
        return executor ->
                new LastingRegistrations(epoll.newHandler(executor), nothing, onlyErrors);
    }

    ServerSocketChannel listener(SocketProtocolFamily family) {
        return (ServerSocketChannel) call(() -> (ServerSocketChannel) listener.invokeExact(family));
    }

    SocketChannel socket(SocketProtocolFamily family) {
        return (SocketChannel) call(() -> (SocketChannel) socket.invokeExact(family));
    }

    private interface Call {
        Object invoke() throws Throwable;
    }

    private static Object call(Call call) {
        try {
            return call.invoke();
        } catch (RuntimeException | Error failure) {
            throw failure;
        } catch (Throwable failure) {
            throw new IllegalStateException(failure);
        }
    }
}
