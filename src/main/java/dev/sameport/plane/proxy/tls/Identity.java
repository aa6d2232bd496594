package dev.sameport.plane.proxy.tls;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// A certificate with the key that proves it and the certificates that lead to its root.
///
/// @param chain the certificate itself comes first
/// @param names the server names it is for, in lower case, such as `*.example.com`
record Identity(PrivateKey key, List<X509Certificate> chain, Set<String> names) {
    private static final int DNS_NAME = 2;

    /// In a name as RFC 2253 writes it; a server's name has nothing to escape.
    private static final Pattern COMMON_NAME = Pattern.compile("(?:^|[,+])CN=([^,+\\\\]+)");

    static Identity of(PrivateKey key, List<X509Certificate> chain) throws BadCertificate {
        return new Identity(key, List.copyOf(chain), namesOf(chain.getFirst()));
    }

    /// Reads the two files' contents.
    static Identity parse(byte[] certificate, byte[] key) throws BadCertificate {
        List<X509Certificate> chain = chain(Pem.parse(certificate));
        return of(PrivateKeys.read(Pem.parse(key), chain.getFirst().getPublicKey()), chain);
    }

    X509Certificate certificate() {
        return chain.getFirst();
    }

    private static List<X509Certificate> chain(List<Pem> blocks) throws BadCertificate {
        List<X509Certificate> chain = new ArrayList<>();
        for (Pem block : blocks) {
            if (block.isCertificate()) {
                chain.add(certificate(block.der()));
            }
        }
        if (chain.isEmpty()) {
            throw new BadCertificate(
                    "it has no certificate", "give a PEM file with a CERTIFICATE block");
        }
        return chain;
    }

    private static X509Certificate certificate(byte[] der) throws BadCertificate {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509")
                            .generateCertificate(new ByteArrayInputStream(der));
        } catch (CertificateException malformed) {
            throw new BadCertificate(
                    "its content is not a certificate: " + malformed.getMessage(),
                    "give the PEM file that the certificate authority issued");
        }
    }

    private static Set<String> namesOf(X509Certificate certificate) throws BadCertificate {
        Set<String> names = new TreeSet<>();
        try {
            Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
            for (List<?> name : alternatives == null ? List.<List<?>>of() : alternatives) {
                if (name.get(0) instanceof Integer kind
                        && kind == DNS_NAME
                        && name.get(1) instanceof String text) {
                    names.add(text.toLowerCase(Locale.ROOT));
                }
            }
        } catch (CertificateParsingException malformed) {
            throw new BadCertificate(
                    "its alternative names can't be read: " + malformed.getMessage(),
                    "have it issued again");
        }
        if (names.isEmpty()) {
            names.addAll(commonNames(certificate));
        }
        return Set.copyOf(names);
    }

    private static List<String> commonNames(X509Certificate certificate) {
        return COMMON_NAME
                .matcher(certificate.getSubjectX500Principal().getName())
                .results()
                .map(found -> found.group(1).toLowerCase(Locale.ROOT))
                .toList();
    }

    /// Its names as bytes, the same for the certificate that renews this one.
    byte[] nameBytes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (String name : new TreeSet<>(names)) {
            out.writeBytes(name.getBytes(StandardCharsets.UTF_8));
            out.write(0);
        }
        return out.toByteArray();
    }
}
