package dev.sameport.plane.proxy.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.sameport.model.AddressRange;
import dev.sameport.model.Addresses;
import dev.sameport.plane.proxy.http.message.Field;
import dev.sameport.plane.proxy.http.message.Head;
import io.netty.buffer.ByteBuf;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What endpoints are told about one client's connection: `X-Forwarded-For`, `-Proto`, `-Host`,
/// `-Port`, `Forwarded` (RFC 7239) and `X-Request-Id`.
///
/// What the client itself says in these fields counts only if it connects from a trusted address;
/// else it is dropped. Rendered once for each host that the client asks for. Confined to the event
/// loop.
final class ForwardedFields {
    private static final byte[] ID_NAME = "X-Request-Id: ".getBytes(US_ASCII);

    private final String address;
    private final String node;
    private final String port;
    private final String scheme;
    private final boolean secure;
    private final boolean trusted;
    private byte[] host = {};
    private byte[] block = {};
    private @Nullable String givenId;

    ForwardedFields(
            InetSocketAddress client, int localPort, boolean secure, List<AddressRange> trusted) {
        this.address = Addresses.plain(client.getAddress());
        this.node = client.getAddress() instanceof Inet6Address ? "\"[" + address + "]\"" : address;
        this.port = Integer.toString(localPort);
        this.scheme = secure ? "https" : "http";
        this.secure = secure;
        this.trusted = trusted.stream().anyMatch(range -> range.contains(client.getAddress()));
    }

    /// Whether the connection is TLS.
    boolean secure() {
        return secure;
    }

    /// Takes what the client said out of `request` and settles what its endpoint is told.
    void prepare(Head request) {
        givenId = null;
        if (trusted) {
            merge(request);
        } else {
            drop(request);
            refresh(request);
        }
    }

    private static void drop(Head request) {
        for (int i = request.fields() - 1; i >= 0; i--) {
            if (isOurs(request.field(i))) {
                request.drop(i);
            }
        }
    }

    private static boolean isOurs(Field field) {
        return switch (field) {
            case X_FORWARDED_FOR,
                    X_FORWARDED_PROTO,
                    X_FORWARDED_HOST,
                    X_FORWARDED_PORT,
                    FORWARDED,
                    X_REQUEST_ID ->
                    true;
            default -> false;
        };
    }

    private void refresh(Head request) {
        int field = request.first(Field.HOST);
        if (field >= 0 && block.length > 0 && request.valueIs(field, host)) {
            return;
        }
        String asked = field < 0 ? "" : request.value(field);
        host = asked.getBytes(ISO_8859_1);
        block =
                render(address, scheme, asked, port, "for=" + node + ";" + element(asked))
                        .getBytes(ISO_8859_1);
    }

    private String element(String asked) {
        return asked.isEmpty() ? "proto=" + scheme : "host=\"" + asked + "\";proto=" + scheme;
    }

    private void merge(Head request) {
        String chain = joined(request, Field.X_FORWARDED_FOR);
        String elements = joined(request, Field.FORWARDED);
        int field = request.first(Field.HOST);
        String asked = field < 0 ? "" : request.value(field);
        givenId = first(request, Field.X_REQUEST_ID, null);
        String own = "for=" + node + ";" + element(asked);
        host = new byte[0];
        block =
                render(
                                chain.isEmpty() ? address : chain + ", " + address,
                                first(request, Field.X_FORWARDED_PROTO, scheme),
                                first(request, Field.X_FORWARDED_HOST, asked),
                                first(request, Field.X_FORWARDED_PORT, port),
                                elements.isEmpty() ? own : elements + ", " + own)
                        .getBytes(ISO_8859_1);
        drop(request);
    }

    private static String joined(Head request, Field known) {
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < request.fields(); i++) {
            if (request.field(i) == known) {
                all.append(all.isEmpty() ? "" : ", ").append(request.value(i));
            }
        }
        return all.toString();
    }

    private static @Nullable String first(Head request, Field known, @Nullable String otherwise) {
        int field = request.first(known);
        return field < 0 ? otherwise : request.value(field);
    }

    private static String render(
            @Nullable String chain,
            @Nullable String proto,
            @Nullable String host,
            @Nullable String port,
            String forwarded) {
        StringBuilder lines = new StringBuilder(256);
        lines.append("X-Forwarded-For: ").append(chain);
        lines.append("\r\nX-Forwarded-Proto: ").append(proto);
        if (host != null && !host.isEmpty()) {
            lines.append("\r\nX-Forwarded-Host: ").append(host);
        }
        lines.append("\r\nX-Forwarded-Port: ").append(port);
        lines.append("\r\nForwarded: ").append(forwarded).append("\r\n");
        return lines.toString();
    }

    /// How many bytes `write` takes at most.
    int size() {
        String given = givenId;
        return block.length
                + ID_NAME.length
                + 2
                + Math.max(RequestIds.LENGTH, given == null ? 0 : given.length());
    }

    /// Writes the lines for the request that was prepared last.
    void write(ByteBuf out, LoopState loop, long id) {
        out.writeBytes(block);
        out.writeBytes(ID_NAME);
        String given = givenId;
        if (given == null) {
            loop.ids.write(out, id);
        } else {
            out.writeCharSequence(given, ISO_8859_1);
        }
        HttpBytes.endOfLine(out);
    }

    /// The id of the request that was prepared last, as text.
    String id(LoopState loop, long id) {
        String given = givenId;
        return given == null ? loop.ids.text(id) : given;
    }
}
