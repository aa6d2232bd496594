package dev.sameport.plane.proxy.l4;

import io.netty.channel.socket.SocketChannel;

/// Relays the bytes of a connection to an endpoint, whatever they are. Any thread.
record TcpReception(ListenerShared shared) implements Reception {
    @Override
    public void receive(SocketChannel downstream, Door door) {
        downstream.pipeline().addLast(new Admission(door, shared, downstream));
    }
}
