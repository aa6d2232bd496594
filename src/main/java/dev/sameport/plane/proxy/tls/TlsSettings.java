package dev.sameport.plane.proxy.tls;

import java.util.List;
import java.util.regex.Pattern;

/// What a published port says about the TLS that ends there.
///
/// @param certificates what is shown, by server name; the first also to a client that names none,
///   or one that nobody has
/// @param selfSigned whether a certificate is made for the purpose, for development
/// @param serverNames the names of the self-signed certificate; none stand for `localhost`
/// @param http2 whether clients are offered HTTP/2 (ALPN `h2`) besides HTTP/1.1
public record TlsSettings(
        List<CertificateFiles> certificates,
        boolean selfSigned,
        List<String> serverNames,
        boolean http2) {
    private static final Pattern NAME =
            Pattern.compile("(\\*\\.)?[A-Za-z0-9_][A-Za-z0-9._-]{0,250}");

    public TlsSettings {
        certificates = List.copyOf(certificates);
        serverNames = List.copyOf(serverNames);
        for (String name : serverNames) {
            if (!NAME.matcher(name).matches()) {
                throw new IllegalArgumentException(
                        "TLS server name \"" + name + "\" is not a host name");
            }
        }
        if (certificates.isEmpty() && !selfSigned) {
            throw new IllegalArgumentException(
                    "TLS without a certificate; name its files or ask for a self-signed one");
        }
    }

    /// The protocols that clients are offered, best first (ALPN, RFC 7301).
    public List<String> protocols() {
        return http2 ? List.of("h2", "http/1.1") : List.of("http/1.1");
    }
}
