import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadLocalRandom;

/// A server that knows nothing of sharing: its port is its own, or so it believes. Run by `java Plain.java`.
public class Plain {
    public static void main(String[] arguments) throws IOException {
        String name = System.getenv().getOrDefault("INSTANCE", "instance-" + Integer.toHexString(ThreadLocalRandom.current().nextInt()));
        byte[] body = ("Hello from " + name + "\n").getBytes(StandardCharsets.UTF_8);
        byte[] head = ("HTTP/1.1 200 OK\r\nContent-Length: " + body.length + "\r\nConnection: close\r\n\r\n").getBytes(StandardCharsets.UTF_8);
        ServerSocketChannel server = ServerSocketChannel.open();
        server.bind(new InetSocketAddress(8080));
        while (true) {
            SocketChannel client = server.accept();
            Thread.ofVirtual().start(() -> answer(client, head, body));
        }
    }

    static void answer(SocketChannel client, byte[] head, byte[] body) {
        try (client) {
            client.read(ByteBuffer.allocate(4096));
            client.write(new ByteBuffer[] {ByteBuffer.wrap(head), ByteBuffer.wrap(body)});
        } catch (IOException e) {
            System.err.println(e.getMessage());
        }
    }
}
