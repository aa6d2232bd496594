package dev.sameport.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;

/// Accepts on every address and closes at once: the least that a server can do for a connection.
///
/// `ClosingServer PORT`
final class ClosingServer {
    private static final int BACKLOG = 4096;
    private static final int ACCEPTORS = 2;

    private ClosingServer() {}

    public static void main(String[] arguments) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open();
        server.bind(new InetSocketAddress(Integer.parseInt(arguments[0])), BACKLOG);
        for (int i = 0; i < ACCEPTORS; i++) {
            Thread.ofPlatform().start(() -> accept(server));
        }
    }

    private static void accept(ServerSocketChannel server) {
        while (true) {
            try {
                server.accept().close();
            } catch (IOException e) {
                System.err.println("accept: " + e.getMessage());
            }
        }
    }
}
