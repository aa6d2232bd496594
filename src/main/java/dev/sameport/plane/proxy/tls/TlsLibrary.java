package dev.sameport.plane.proxy.tls;

import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslProvider;

/// Whose code does the cryptography of TLS.
public enum TlsLibrary {
    /// BoringSSL, by netty-tcnative. Sessions can be resumed with a successor daemon.
    OPENSSL,
    /// The JDK's own: slower; sessions end with their certificate and with the daemon.
    JDK;

    /// The best that runs here.
    public static TlsLibrary best() {
        return OpenSsl.isAvailable() ? OPENSSL : JDK;
    }

    /// What a person reads of it, such as `TLS by BoringSSL`; where it is the JDK's, why.
    public String detail() {
        return switch (this) {
            case OPENSSL -> "TLS by " + OpenSsl.versionString();
            case JDK -> "TLS by the JDK (no BoringSSL: " + obstacle() + ")";
        };
    }

    private static String obstacle() {
        Throwable cause = OpenSsl.unavailabilityCause();
        if (cause == null) {
            return "not chosen";
        }
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return String.valueOf(cause.getMessage());
    }

    SslProvider provider() {
        return switch (this) {
            case OPENSSL -> SslProvider.OPENSSL_REFCNT;
            case JDK -> SslProvider.JDK;
        };
    }
}
