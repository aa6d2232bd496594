package dev.sameport.model;

import java.util.Locale;

/// A transport protocol that a port can be published for.
public enum Protocol {
    TCP,
    UDP;

    /// `tcp` or `udp`, as in `docker run -p 80:80/tcp`.
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
