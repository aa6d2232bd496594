package dev.sameport.plane.proxy.tls;

import io.netty.handler.ssl.OpenSslSessionTicketKey;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The keys of session tickets (RFC 5077; RFC 8446, section 4.6.1): the newest encrypts, the others
/// still read what they wrote. A successor daemon is given them as bytes, so that clients resume
/// their sessions with it. Any thread.
///
/// Whoever has one can read the TLS 1.2 sessions it was used in, so each is used for 12 hours and
/// forgotten 24 hours later, and none is ever written to a disk.
public final class TicketKeys {
    static final Duration USED = Duration.ofHours(12);
    static final int KEPT = 3;

    private static final byte FORMAT = 1;
    private static final int SECRET = OpenSslSessionTicketKey.TICKET_KEY_SIZE;
    private static final int PART = OpenSslSessionTicketKey.NAME_SIZE;

    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    private record Key(long since, byte[] secret) {}

    private final SecureRandom random = new SecureRandom();

    /// Newest first. Guarded by this.
    private List<Key> keys = List.of();

    private TicketKeys() {}

    /// New ones.
    public static TicketKeys fresh(Instant now) {
        TicketKeys keys = new TicketKeys();
        keys.rotate(now);
        return keys;
    }

    /// Those that another daemon's `bytes` gave.
    ///
    /// @throws IllegalArgumentException where the bytes are anything else
    public static TicketKeys parse(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        int count = bytes.length / (Long.BYTES + SECRET);
        boolean whole = bytes.length == 1 + count * (Long.BYTES + SECRET);
        if (count < 1 || count > KEPT || !whole || in.get() != FORMAT) {
            throw new IllegalArgumentException(
                    bytes.length + " bytes are not session ticket keys of this version");
        }
        List<Key> read = new ArrayList<>();
        for (int index = 0; index < count; index++) {
            byte[] secret = new byte[SECRET];
            long since = in.getLong();
            in.get(secret);
            read.add(new Key(since, secret));
        }
        TicketKeys keys = new TicketKeys();
        keys.keys = List.copyOf(read);
        return keys;
    }

    /// For `parse`: secret.
    public synchronized byte[] bytes() {
        ByteBuffer out = ByteBuffer.allocate(1 + keys.size() * (Long.BYTES + SECRET));
        out.put(FORMAT);
        keys.forEach(key -> out.putLong(key.since()).put(key.secret()));
        return out.array();
    }

    /// Makes a new key where the newest is used up; the keys' new order begins with it. Whoever
    /// holds the newest one's time (see `newest`) sees that there is another.
    public synchronized void rotate(Instant now) {
        boolean due =
                keys.isEmpty()
                        || now.getEpochSecond() - keys.getFirst().since() >= USED.toSeconds();
        if (due) {
            byte[] secret = new byte[SECRET];
            random.nextBytes(secret);
            List<Key> next = new ArrayList<>();
            next.add(new Key(now.getEpochSecond(), secret));
            keys.stream().limit(KEPT - 1L).forEach(next::add);
            keys = List.copyOf(next);
        }
    }

    /// When the newest key was made, in seconds since 1970.
    synchronized long newest() {
        return keys.getFirst().since();
    }

    synchronized OpenSslSessionTicketKey[] forOpenSsl() {
        return keys.stream().map(TicketKeys::forOpenSsl).toArray(OpenSslSessionTicketKey[]::new);
    }

    private static OpenSslSessionTicketKey forOpenSsl(Key key) {
        byte[] secret = key.secret();
        return new OpenSslSessionTicketKey(
                Arrays.copyOfRange(secret, 0, PART),
                Arrays.copyOfRange(secret, PART, 2 * PART),
                Arrays.copyOfRange(secret, 2 * PART, SECRET));
    }
}
