package dev.sameport.plane.proxy.tls;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What is there for each server name: for exactly this one, else for a wildcard of its parent (RFC
/// 6125, section 6.4.3), else the first of all. Filled by one thread, then only read.
final class ServerNames<T> {
    private final Map<String, T> exact = new HashMap<>();

    /// By what follows the asterisk, such as `.example.com`.
    private final Map<String, T> wildcards = new HashMap<>();

    private @Nullable T first;

    /// Adds one; where two have the same name the earlier has it.
    void add(Set<String> names, T value) {
        if (first == null) {
            first = value;
        }
        for (String name : names) {
            if (name.startsWith("*.")) {
                wildcards.putIfAbsent(name.substring(1), value);
            } else {
                exact.putIfAbsent(name, value);
            }
        }
    }

    /// Null where none was added.
    ///
    /// @param name in lower case; null where the client gave none
    @Nullable T find(@Nullable String name) {
        if (name == null) {
            return first;
        }
        T found = exact.get(name);
        int dot = name.indexOf('.');
        if (found == null && dot > 0) {
            found = wildcards.get(name.substring(dot));
        }
        return found == null ? first : found;
    }
}
