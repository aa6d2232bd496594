package dev.sameport.model;

import java.util.List;

/// `sameport.tls.*`: the TLS that ends at a service's ports.
///
/// @param certificates names of certificate files, below the daemon's directory of certificates;
///   several are told apart by server name
/// @param keys the names of their keys, in the same order
/// @param selfSigned whether a certificate is made for the purpose, for development
/// @param serverNames the names of the self-signed certificate
public record TlsPolicy(
        List<String> certificates,
        List<String> keys,
        boolean selfSigned,
        List<String> serverNames) {
    /// Whether there is anything to show a client; where not, nobody is served.
    public boolean usable() {
        return selfSigned || !certificates.isEmpty();
    }

    public TlsPolicy {
        certificates = List.copyOf(certificates);
        keys = List.copyOf(keys);
        serverNames = List.copyOf(serverNames);
        if (certificates.size() != keys.size()) {
            throw new IllegalArgumentException(
                    certificates.size() + " certificates and " + keys.size() + " keys");
        }
    }
}
