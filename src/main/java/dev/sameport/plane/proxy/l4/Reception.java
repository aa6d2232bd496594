package dev.sameport.plane.proxy.l4;

import io.netty.channel.socket.SocketChannel;

/// Takes over the connections that come in at a door, and speaks with their clients from then on.
public interface Reception {
    /// Takes over one connection: adds handlers to its pipeline, which is empty.
    ///
    /// Called on the connection's event loop before it is active, so the handlers still get
    /// `channelActive`. Nothing is read until someone asks (`AUTO_READ` is off), an end of input
    /// leaves the connection open, and a failed write doesn't close it.
    void receive(SocketChannel downstream, Door door);

    /// No connection comes in at this door any more.
    default void released(Door door) {}
}
