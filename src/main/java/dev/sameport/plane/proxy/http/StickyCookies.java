package dev.sameport.plane.proxy.http;

import dev.sameport.balance.Chooser;
import dev.sameport.plane.proxy.http.message.Field;
import dev.sameport.plane.proxy.http.message.Head;
import dev.sameport.plane.proxy.l4.PortTable;
import io.netty.util.AsciiString;

/// The cookies of one table's endpoints (RFC 6265): which endpoint a request names, and what tells
/// a client to name one. Immutable; any thread.
final class StickyCookies {
    private static final AsciiString SET_COOKIE = AsciiString.cached("Set-Cookie");

    private final PortTable table;
    private final AsciiString[] pairs;

    private StickyCookies(PortTable table, AsciiString[] pairs) {
        this.table = table;
        this.pairs = pairs;
    }

    /// The cookies of `table`'s rows.
    ///
    /// @param name the cookie's name: letters, digits, `_` and `-`
    static StickyCookies of(String name, PortTable table, CookieKey key) {
        AsciiString[] pairs =
                table.rows().stream()
                        .map(row -> new AsciiString(name + '=' + key.token(row.endpoint().id())))
                        .toArray(AsciiString[]::new);
        return new StickyCookies(table, pairs);
    }

    @SuppressWarnings("ReferenceEquality") // Which table it is counts, not what is in it.
    boolean isFor(PortTable other) {
        return table == other;
    }

    /// The row that a request names, or `Chooser.NONE`: clients also show what they were given
    /// before their endpoint went away, or by someone else.
    int row(Head request) {
        for (int field = 0; field < request.fields(); field++) {
            if (request.field(field) == Field.COOKIE) {
                for (int row = 0; row < pairs.length; row++) {
                    if (request.hasCookie(field, pairs[row])) {
                        return row;
                    }
                }
            }
        }
        return Chooser.NONE;
    }

    /// Tells the client to name this row from now on, for as long as its browser is open.
    ///
    /// @param secure whether it may say so over TLS only
    void give(int row, Head answer, boolean secure) {
        String attributes = "; Path=/; HttpOnly; SameSite=Lax" + (secure ? "; Secure" : "");
        answer.append(SET_COOKIE, new AsciiString(pairs[row] + attributes));
    }
}
