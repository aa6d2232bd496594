package dev.sameport.plane.proxy.tls;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// Makes certificates that nobody vouches for: for development (RFC 5280).
final class SelfSigned {
    /// How long one is valid.
    static final Duration VALIDITY = Duration.ofDays(30);

    /// A client whose clock is behind may use it too.
    private static final Duration SLACK = Duration.ofHours(1);

    private static final byte[] SIGNED_BY =
            Der.sequence(Der.identifier("1.2.840.10045.4.3.2")); // ecdsa-with-SHA256
    private static final int VERSION_3 = 2;
    private static final int SERIAL_BITS = 120;
    private static final int CONTEXT_0 = 0xa0;
    private static final int CONTEXT_3 = 0xa3;
    private static final int DNS_NAME = 0x82;

    private SelfSigned() {}

    /// A new key (EC P-256) and a certificate for `names`, or for `localhost` without any.
    static Identity make(List<String> names, Instant now) {
        List<String> all = names.isEmpty() ? List.of("localhost") : names;
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair pair = generator.generateKeyPair();
            X509Certificate certificate =
                    (X509Certificate)
                            CertificateFactory.getInstance("X.509")
                                    .generateCertificate(
                                            new ByteArrayInputStream(signed(all, pair, now)));
            return Identity.of(pair.getPrivate(), List.of(certificate));
        } catch (GeneralSecurityException | BadCertificate failure) {
            throw new IllegalStateException(
                    "no self-signed certificate can be made for " + all, failure);
        }
    }

    private static byte[] signed(List<String> names, KeyPair pair, Instant now)
            throws GeneralSecurityException {
        byte[] content = content(names, pair.getPublic().getEncoded(), now);
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(pair.getPrivate());
        signature.update(content);
        return Der.sequence(content, SIGNED_BY, Der.bits(0, signature.sign()));
    }

    private static byte[] content(List<String> names, byte[] publicKey, Instant now) {
        BigInteger serial = new BigInteger(SERIAL_BITS, new SecureRandom()).setBit(SERIAL_BITS);
        byte[] name = name("sameport self-signed, " + names.getFirst());
        return Der.sequence(
                Der.value(CONTEXT_0, Der.integer(BigInteger.valueOf(VERSION_3))),
                Der.integer(serial),
                SIGNED_BY,
                name,
                Der.sequence(Der.time(now.minus(SLACK)), Der.time(now.plus(VALIDITY))),
                name,
                publicKey,
                Der.value(CONTEXT_3, extensions(names)));
    }

    private static byte[] name(String common) {
        byte[] commonName = Der.sequence(Der.identifier("2.5.4.3"), Der.text(common));
        return Der.sequence(Der.set(commonName));
    }

    private static byte[] extensions(List<String> names) {
        byte[][] alternatives =
                names.stream()
                        .map(name -> name.getBytes(StandardCharsets.US_ASCII))
                        .map(name -> Der.value(DNS_NAME, name))
                        .toArray(byte[][]::new);
        return Der.sequence(
                // Basic constraints: it is no certificate authority.
                extension("2.5.29.19", true, Der.sequence()),
                // Key usage: digital signatures.
                extension("2.5.29.15", true, Der.bits(7, new byte[] {(byte) 0x80})),
                // Extended key usage: TLS servers.
                extension("2.5.29.37", false, Der.sequence(Der.identifier("1.3.6.1.5.5.7.3.1"))),
                extension("2.5.29.17", false, Der.sequence(alternatives)));
    }

    private static byte[] extension(String identifier, boolean critical, byte[] value) {
        return critical
                ? Der.sequence(Der.identifier(identifier), Der.yes(), Der.octets(value))
                : Der.sequence(Der.identifier(identifier), Der.octets(value));
    }
}
