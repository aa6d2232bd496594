package dev.sameport.plane.proxy.tls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Instant;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class TicketKeysTest {
    private static final Instant START = Instant.parse("2026-11-24T00:00:00Z");

    @Test
    void a_key_encrypts_for_12_hours_and_is_forgotten_24_hours_later() {
        TicketKeys keys = TicketKeys.fresh(START);
        byte[] first = keys.forOpenSsl()[0].name();

        keys.rotate(START.plus(TicketKeys.USED).minusSeconds(1));
        assertArrayEquals(first, keys.forOpenSsl()[0].name());
        keys.rotate(START.plus(TicketKeys.USED));
        assertEquals(2, keys.forOpenSsl().length);
        assertArrayEquals(first, keys.forOpenSsl()[1].name());
        keys.rotate(START.plus(TicketKeys.USED.multipliedBy(2)));
        assertArrayEquals(first, keys.forOpenSsl()[2].name());
        keys.rotate(START.plus(TicketKeys.USED.multipliedBy(3)));
        assertEquals(TicketKeys.KEPT, keys.forOpenSsl().length);
        for (var key : keys.forOpenSsl()) {
            assertEquals(false, Arrays.equals(first, key.name()));
        }
    }

    @Test
    void a_successor_reads_the_same_keys() {
        TicketKeys keys = TicketKeys.fresh(START);
        keys.rotate(START.plus(TicketKeys.USED));

        TicketKeys read = TicketKeys.parse(keys.bytes());

        assertArrayEquals(keys.bytes(), read.bytes());
        assertEquals(keys.newest(), read.newest());
        assertArrayEquals(keys.forOpenSsl()[1].aesKey(), read.forOpenSsl()[1].aesKey());
        assertArrayEquals(keys.forOpenSsl()[1].hmacKey(), read.forOpenSsl()[1].hmacKey());
    }

    @Test
    void other_bytes_are_refused() {
        byte[] good = TicketKeys.fresh(START).bytes();
        byte[] other = good.clone();
        other[0]++;
        for (byte[] bad :
                new byte[][] {
                    {}, {1}, other, Arrays.copyOf(good, good.length - 1), new byte[1 + 56 * 4],
                }) {
            assertThrows(IllegalArgumentException.class, () -> TicketKeys.parse(bad));
        }
    }
}
