package dev.sameport.plane.proxy;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;

/// Keeps sockets registered with epoll while a channel waits for nothing.
///
/// Netty 4.2 takes a socket out of epoll when its channel waits for nothing, forgets that it did,
/// and fails when the channel then waits for something again (`epoll_ctl … No such file or
/// directory`): a client that ended its side and reads slowly lost the rest of its answer. Here
/// such a socket stays, edge-triggered, so that its end is told once instead of again and again.
record LastingRegistrations(IoHandler epoll, IoOps nothing, IoOps onlyErrors) implements IoHandler {

    private record Lasting(IoRegistration registration, IoOps nothing, IoOps onlyErrors)
            implements IoRegistration {
        @Override
        public long submit(IoOps ops) {
            return registration.submit(ops.equals(nothing) ? onlyErrors : ops);
        }

        @Override
        @SuppressWarnings("TypeParameterUnusedInFormals") // So the interface says.
        public <T> T attachment() {
            return registration.attachment();
        }

        @Override
        public boolean isValid() {
            return registration.isValid();
        }

        @Override
        public boolean cancel() {
            return registration.cancel();
        }
    }

    @Override
    public IoRegistration register(IoHandle handle) throws Exception {
        return new Lasting(epoll.register(handle), nothing, onlyErrors);
    }

    @Override
    public void initialize() {
        epoll.initialize();
    }

    @Override
    public int run(IoHandlerContext context) {
        return epoll.run(context);
    }

    @Override
    public void prepareToDestroy() {
        epoll.prepareToDestroy();
    }

    @Override
    public void destroy() {
        epoll.destroy();
    }

    @Override
    public void wakeup() {
        epoll.wakeup();
    }

    @Override
    public boolean isCompatible(Class<? extends IoHandle> type) {
        return epoll.isCompatible(type);
    }
}
