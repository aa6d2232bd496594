package dev.sameport.plane.proxy.l4;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The services that share one published port, told apart by the server name that a TLS client asks
/// for: exactly that name, else a wildcard of its parent (RFC 6125, section 6.4.3), else the
/// service for the rest. Immutable.
public final class SniRoutes {
    private static final String REST = "*";
    private static final String WILDCARD = "*.";

    private final List<PortTable> tables;
    private final Map<String, PortTable> exact = new HashMap<>();

    /// By what follows the asterisk, such as `.example.com`.
    private final Map<String, PortTable> wildcards = new HashMap<>();

    private @Nullable PortTable rest;

    /// Where two services have the same name the earlier has it.
    ///
    /// @param tables one or more; names in lower case
    SniRoutes(List<PortTable> tables) {
        this.tables = List.copyOf(tables);
        for (PortTable table : tables) {
            for (String name : table.source().serverNames()) {
                add(name, table);
            }
        }
    }

    private void add(String name, PortTable table) {
        if (name.equals(REST)) {
            rest = rest == null ? table : rest;
        } else if (name.startsWith(WILDCARD)) {
            wildcards.putIfAbsent(name.substring(1), table);
        } else {
            exact.putIfAbsent(name, table);
        }
    }

    /// Those that share the port.
    List<PortTable> tables() {
        return tables;
    }

    /// Null where none is for it.
    ///
    /// @param name in lower case; null where the client gave none
    @Nullable PortTable find(@Nullable String name) {
        if (name == null) {
            return rest;
        }
        PortTable found = exact.get(name);
        int dot = name.indexOf('.');
        if (found == null && dot > 0) {
            found = wildcards.get(name.substring(dot));
        }
        return found == null ? rest : found;
    }
}
