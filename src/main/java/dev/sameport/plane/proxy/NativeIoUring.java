package dev.sameport.plane.proxy;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/// Netty's io_uring transport. Its library is there for some machines only, and many a kernel or
/// seccomp profile (Docker's own, for one) refuses to make a ring.
///
/// Its sockets are of the family that the machine prefers: where there is IPv6, an IPv4 address is
/// bound and reached by an IPv6 socket as a mapped address.
final class NativeIoUring {
    private static final ByName CLASSES = new ByName("io.netty.channel.uring.IoUring");

    private final MethodHandle handlers;
    private final MethodHandle listener;
    private final MethodHandle socket;

    private NativeIoUring() throws ReflectiveOperationException {
        handlers = CLASSES.method("IoHandler", "newFactory", IoHandlerFactory.class);
        listener = CLASSES.constructor("ServerSocketChannel", ServerSocketChannel.class);
        socket = CLASSES.constructor("SocketChannel", SocketChannel.class);
    }

    /// Why it can't be used here, or null where it can: a ring was made to find out.
    static @Nullable Throwable obstacle() {
        return CLASSES.obstacle("");
    }

    /// Finds it; to be called where there is no obstacle.
    static NativeIoUring find() {
        try {
            return new NativeIoUring();
        } catch (ReflectiveOperationException absent) {
            throw new IllegalStateException("Netty's io_uring transport is not there", absent);
        }
    }

    IoHandlerFactory handlers() {
        return ByName.call(() -> (IoHandlerFactory) handlers.invokeExact());
    }

    ServerSocketChannel listener() {
        return ByName.call(() -> (ServerSocketChannel) listener.invokeExact());
    }

    SocketChannel socket() {
        return ByName.call(() -> (SocketChannel) socket.invokeExact());
    }
}
