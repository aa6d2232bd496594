package dev.sameport.plane.proxy;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoOps;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/// Netty's native epoll transport, whose library is there for some machines only.
final class NativeEpoll {
    private static final ByName CLASSES = new ByName("io.netty.channel.epoll.Epoll");

    private final MethodHandle handlers;
    private final MethodHandle listener;
    private final MethodHandle socket;
    private final IoOps nothing;
    private final IoOps onlyErrors;

    private NativeEpoll() throws ReflectiveOperationException {
        Class<?> family = SocketProtocolFamily.class;
        handlers = CLASSES.method("IoHandler", "newFactory", IoHandlerFactory.class);
        listener = CLASSES.constructor("ServerSocketChannel", ServerSocketChannel.class, family);
        socket = CLASSES.constructor("SocketChannel", SocketChannel.class, family);
        Class<?> operations = CLASSES.find("IoOps");
        nothing = (IoOps) operations.getField("NONE").get(null);
        onlyErrors = (IoOps) operations.getField("EPOLLET").get(null);
    }

    /// Why it can't be used here, or null where it can.
    static @Nullable Throwable obstacle() {
        return CLASSES.obstacle("");
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
        IoHandlerFactory epoll = ByName.call(() -> (IoHandlerFactory) handlers.invokeExact());
        return executor ->
                new LastingRegistrations(epoll.newHandler(executor), nothing, onlyErrors);
    }

    ServerSocketChannel listener(SocketProtocolFamily family) {
        return ByName.call(() -> (ServerSocketChannel) listener.invokeExact(family));
    }

    SocketChannel socket(SocketProtocolFamily family) {
        return ByName.call(() -> (SocketChannel) socket.invokeExact(family));
    }
}
