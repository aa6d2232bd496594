package dev.sameport.admin;

import java.io.InputStream;

/// What the daemon answered; the body is read as it comes.
public record Answer(int status, InputStream body) {
    /// Whether the daemon did what was asked.
    public boolean good() {
        return status >= 200 && status < 300;
    }
}
