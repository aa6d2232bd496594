package dev.sameport.plane.proxy.tls;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.RSAKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.List;

/// Reads the private key that belongs to a certificate.
final class PrivateKeys {
    private static final int FEWEST_RSA_BITS = 2048;
    private static final byte[] TRIAL = {1, 2, 3};

    private PrivateKeys() {}

    /// The first private key among these blocks.
    ///
    /// @throws BadCertificate where there is none, it needs a passphrase, or it isn't that of
    ///   `certified`
    static PrivateKey read(List<Pem> blocks, PublicKey certified) throws BadCertificate {
        Pem block =
                blocks.stream()
                        .filter(Pem::isPrivateKey)
                        .findFirst()
                        .orElseThrow(PrivateKeys::missing);
        if (block.encrypted()) {
            throw new BadCertificate(
                    "its private key is encrypted, and there is nobody to ask for the passphrase",
                    "store the key unencrypted (openssl pkey -in KEY -out NEW), readable by root"
                            + " only");
        }
        check(certified);
        try {
            PrivateKey key =
                    KeyFactory.getInstance(certified.getAlgorithm())
                            .generatePrivate(new PKCS8EncodedKeySpec(pkcs8(block, certified)));
            if (belongs(key, certified)) {
                return key;
            }
        } catch (GeneralSecurityException | IllegalArgumentException failure) {
            throw notOurs(
                    block,
                    "can't be read as a key of the certificate's kind ("
                            + certified.getAlgorithm()
                            + ")");
        }
        throw notOurs(block, "belongs to another certificate");
    }

    private static BadCertificate missing() {
        return new BadCertificate(
                "its key file has no private key", "give the PEM file with the PRIVATE KEY block");
    }

    private static BadCertificate notOurs(Pem block, String what) {
        return new BadCertificate(
                "its " + block.label() + " " + what,
                "give the key with which the first certificate of the file was requested");
    }

    private static void check(PublicKey certified) throws BadCertificate {
        boolean known =
                certified.getAlgorithm().equals("RSA") || certified.getAlgorithm().equals("EC");
        if (!known) {
            throw new BadCertificate(
                    "its key is of the kind " + certified.getAlgorithm(),
                    "use an EC (P-256, P-384) or RSA key");
        }
        if (certified instanceof RSAKey rsa && rsa.getModulus().bitLength() < FEWEST_RSA_BITS) {
            throw new BadCertificate(
                    "its RSA key has " + rsa.getModulus().bitLength() + " bits",
                    "use one of at least " + FEWEST_RSA_BITS + " bits, or an EC key");
        }
    }

    /// PKCS#8 (RFC 5208) is the older forms with a version and the algorithm before them. That is
    /// the same one as in the certificate, whose curve an old form need not name.
    private static byte[] pkcs8(Pem block, PublicKey certified) {
        if (block.label().equals("PRIVATE KEY")) {
            return block.der();
        }
        byte[] algorithm = Der.firstOf(certified.getEncoded());
        return Der.sequence(Der.integer(BigInteger.ZERO), algorithm, Der.octets(block.der()));
    }

    private static boolean belongs(PrivateKey key, PublicKey certified)
            throws GeneralSecurityException {
        boolean rsa = certified.getAlgorithm().equals("RSA");
        Signature signature = Signature.getInstance(rsa ? "SHA256withRSA" : "SHA256withECDSA");
        signature.initSign(key);
        signature.update(TRIAL);
        byte[] signed = signature.sign();
        signature.initVerify(certified);
        signature.update(TRIAL);
        return signature.verify(signed);
    }
}
