package dev.sameport.admin;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A whole request, free of the server's buffers.
///
/// @param query decoded parameters, the first value of each
/// @param json whether the answer is JSON; else text for people
/// @param peer who asks; null where the transport can't tell
record Request(
        String method,
        String path,
        Map<String, String> query,
        boolean json,
        String body,
        @Nullable PeerCredentials peer) {

    boolean flag(String name) {
        String value = query.get(name);
        return value != null && !value.equals("0") && !value.equals("false");
    }

    /// @throws Rejection where it is missing
    String need(String name) {
        String value = query.get(name);
        if (value == null || value.isEmpty()) {
            throw Rejection.bad(path, "parameter " + name + " is missing", "add ?" + name + "=…");
        }
        return value;
    }

    /// A whole number from 0; `fallback` where it is missing.
    long number(String name, long fallback) {
        String value = query.get(name);
        if (value == null) {
            return fallback;
        }
        if (!value.matches("[0-9]{1,18}")) {
            throw Rejection.bad(
                    path,
                    "parameter " + name + " is '" + Printable.text(value) + "'",
                    "write a whole number");
        }
        return Long.parseLong(value);
    }

    Paint paint() {
        return flag("color") ? Paint.COLOURED : Paint.PLAIN;
    }
}
