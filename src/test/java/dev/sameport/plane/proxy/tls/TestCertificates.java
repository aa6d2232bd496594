package dev.sameport.plane.proxy.tls;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.CertificateEncodingException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Objects;

/// Certificates for tests: those that openssl made, beside this class, and fresh ones.
final class TestCertificates {
    private TestCertificates() {}

    static byte[] stored(String name) {
        try (InputStream in = TestCertificates.class.getResourceAsStream(name)) {
            return Objects.requireNonNull(in, name).readAllBytes();
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    static CertificateFiles storedIn(Path folder, String certificate, String key)
            throws IOException {
        Files.write(folder.resolve(certificate), stored(certificate));
        Files.write(folder.resolve(key), stored(key));
        return new CertificateFiles(folder.resolve(certificate), folder.resolve(key));
    }

    /// Writes a new certificate and key for these names as `name.crt` and `name.key`.
    static CertificateFiles fresh(Path folder, String name, String... names) throws IOException {
        CertificateFiles files =
                new CertificateFiles(folder.resolve(name + ".crt"), folder.resolve(name + ".key"));
        Identity identity = SelfSigned.make(List.of(names), Instant.now());
        try {
            replace(files.certificate(), pem("CERTIFICATE", identity.certificate().getEncoded()));
        } catch (CertificateEncodingException failure) {
            throw new IllegalStateException(failure);
        }
        replace(files.key(), pem("PRIVATE KEY", identity.key().getEncoded()));
        return files;
    }

    private static void replace(Path file, byte[] content) throws IOException {
        Path next = file.resolveSibling(file.getFileName() + ".next");
        Files.write(next, content);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    }

    static byte[] pem(String label, byte[] der) {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return ("-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n")
                .getBytes(StandardCharsets.US_ASCII);
    }
}
