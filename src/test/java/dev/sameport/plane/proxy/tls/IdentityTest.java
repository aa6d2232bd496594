package dev.sameport.plane.proxy.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IdentityTest {

    private static Identity parse(String certificate, String key) throws BadCertificate {
        return Identity.parse(TestCertificates.stored(certificate), TestCertificates.stored(key));
    }

    @ParameterizedTest
    @CsvSource({
        "rsa.crt, rsa-pkcs8.key, RSA",
        "rsa.crt, rsa-pkcs1.key, RSA",
        "ec.crt, ec-pkcs8.key, EC",
        "ec.crt, ec-sec1.key, EC",
        "issued.crt, issued.key, EC",
    })
    void every_form_of_key_that_openssl_writes_is_read(String certificate, String key, String kind)
            throws Exception {
        assertEquals(kind, parse(certificate, key).key().getAlgorithm());
    }

    @Test
    void the_certificates_that_lead_to_the_root_are_kept_in_order() throws Exception {
        Identity identity = parse("issued.crt", "issued.key");

        assertEquals(2, identity.chain().size());
        assertEquals(
                identity.certificate().getIssuerX500Principal(),
                identity.chain().get(1).getSubjectX500Principal());
    }

    @Test
    void a_certificate_and_its_key_may_be_in_one_file() throws Exception {
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.writeBytes(TestCertificates.stored("rsa-pkcs8.key"));
        both.writeBytes(TestCertificates.stored("rsa.crt"));

        assertEquals(
                Set.of("rsa.example", "*.wild.example"),
                Identity.parse(both.toByteArray(), both.toByteArray()).names());
    }

    @Test
    void a_certificate_without_alternative_names_has_its_common_name() throws Exception {
        assertEquals(Set.of("common.example"), parse("ec.crt", "ec-sec1.key").names());
    }

    @ParameterizedTest
    @CsvSource({
        "rsa.crt, rsa-encrypted-pkcs1.key, is encrypted",
        "rsa.crt, rsa-encrypted-pkcs8.key, is encrypted",
        "rsa.crt, ec-sec1.key, can't be read as a key of the certificate's kind (RSA)",
        "rsa.crt, rsa.crt, has no private key",
        "rsa-pkcs8.key, rsa-pkcs8.key, has no certificate",
        "issued.crt, ec-pkcs8.key, EC PRIVATE KEY|PRIVATE KEY",
        "small.crt, small.key, has 1024 bits",
        "ed25519.crt, ed25519.key, EdDSA",
    })
    void what_cannot_be_used_says_why(String certificate, String key, String why) {
        BadCertificate bad = assertThrows(BadCertificate.class, () -> parse(certificate, key));

        String what = Objects.requireNonNull(bad.getMessage());
        assertTrue(
                Arrays.stream(why.split("\\|")).anyMatch(what::contains),
                () -> what + " should say " + why);
    }

    @Test
    void mutilated_files_are_refused_or_read_and_nothing_else() {
        long seed = 20261124;
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 3_000; round++) {
            byte[] certificate = mutilated(TestCertificates.stored("ec.crt"), random);
            byte[] key = mutilated(TestCertificates.stored("ec-sec1.key"), random);
            try {
                assertEquals("EC", Identity.parse(certificate, key).key().getAlgorithm());
            } catch (BadCertificate refused) {
                assertTrue(!Objects.requireNonNull(refused.getMessage()).isEmpty());
            } catch (RuntimeException failure) {
                throw new AssertionError("seed " + seed + " round " + round, failure);
            }
        }
    }

    private static byte[] mutilated(byte[] file, SplittableRandom random) {
        byte[] copy = file.clone();
        for (int count = random.nextInt(3); count > 0; count--) {
            copy[random.nextInt(copy.length)] = (byte) random.nextInt(256);
        }
        return random.nextInt(8) == 0 ? Arrays.copyOf(copy, random.nextInt(copy.length)) : copy;
    }
}
