package dev.sameport.plane.proxy.tls;

import dev.sameport.model.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Where a certificate comes from, looked at again and again. What was good stays until there is
/// something better. Confined to one thread at a time.
sealed interface CertificateSource {

    /// Looks whether there is something new; whether `identity` changed.
    boolean look(Instant now);

    /// The last good one, or null where there never was any.
    @Nullable Identity identity();

    /// What is wrong with it now.
    List<Problem> problems(Instant now);

    /// Whether the library takes it.
    @FunctionalInterface
    interface Trial {
        void run(Identity identity) throws BadCertificate;
    }

    /// One that is made here, and made again in time.
    final class Made implements CertificateSource {
        private final List<String> names;
        private @Nullable Identity identity;

        Made(List<String> names) {
            this.names = names;
        }

        @Override
        public boolean look(Instant now) {
            Identity last = identity;
            if (last != null && now.isBefore(renewal(last))) {
                return false;
            }
            identity = SelfSigned.make(names, now);
            return true;
        }

        /// When a third of its time is left.
        private static Instant renewal(Identity identity) {
            return identity.certificate()
                    .getNotAfter()
                    .toInstant()
                    .minus(SelfSigned.VALIDITY.dividedBy(3));
        }

        @Override
        public @Nullable Identity identity() {
            return identity;
        }

        @Override
        public List<Problem> problems(Instant now) {
            return List.of();
        }
    }

    /// Two files. Links are followed, so a link that leads elsewhere is a change too.
    final class Watched implements CertificateSource {
        private static final long LARGEST = 1 << 20;
        private static final String ATTRIBUTES = "unix:size,lastModifiedTime,ctime,ino,dev";

        private final CertificateFiles files;
        private final Trial trial;
        private List<Map<String, Object>> stamps = List.of();
        private byte[] certificate = {};
        private byte[] key = {};
        private @Nullable Identity identity;
        private @Nullable BadCertificate failure;

        /// The two files are rarely changed in one step: what is broken now may be whole at the
        /// next look, and counts only then.
        private boolean confirmed;

        Watched(CertificateFiles files, Trial trial) {
            this.files = files;
            this.trial = trial;
        }

        @Override
        public boolean look(Instant now) {
            // The stamps are taken first: what changes while the files are read is seen next time.
            List<Map<String, Object>> latest =
                    List.of(stamp(files.certificate()), stamp(files.key()));
            if (latest.equals(stamps)) {
                confirmed = true;
                return false;
            }
            confirmed = identity == null;
            stamps = latest;
            try {
                return read();
            } catch (BadCertificate broken) {
                failure = broken;
                certificate = new byte[0];
                return false;
            }
        }

        private boolean read() throws BadCertificate {
            byte[] newCertificate = read(files.certificate());
            byte[] newKey = read(files.key());
            if (MessageDigest.isEqual(key, newKey) && Arrays.equals(certificate, newCertificate)) {
                return false;
            }
            Identity next = Identity.parse(newCertificate, newKey);
            trial.run(next);
            identity = next;
            certificate = newCertificate;
            key = newKey;
            failure = null;
            return true;
        }

        private static byte[] read(Path file) throws BadCertificate {
            try {
                if (Files.size(file) > LARGEST) {
                    throw new BadCertificate(
                            file + " has more than " + LARGEST + " bytes", "give a PEM file");
                }
                return Files.readAllBytes(file);
            } catch (NoSuchFileException _) {
                throw new BadCertificate(
                        file + " does not exist",
                        "put it there, or mount it into the daemon's container");
            } catch (IOException unreadable) {
                throw new BadCertificate(
                        file + " can't be read: " + unreadable, "let the daemon's user read it");
            }
        }

        private static Map<String, Object> stamp(Path file) {
            try {
                return Files.readAttributes(file, ATTRIBUTES);
            } catch (IOException _) {
                return Map
                        .of(); // Absent, or in a folder that is closed to us: reading tells which.
            }
        }

        @Override
        public @Nullable Identity identity() {
            return identity;
        }

        @Override
        public List<Problem> problems(Instant now) {
            BadCertificate broken = failure;
            Identity good = identity;
            if (broken != null && confirmed) {
                return List.of(broken.problem(files));
            }
            return good == null ? List.of() : dated(good, now);
        }

        private List<Problem> dated(Identity good, Instant now) {
            Instant end = good.certificate().getNotAfter().toInstant();
            Instant start = good.certificate().getNotBefore().toInstant();
            if (now.isAfter(end)) {
                String what = "it expired at " + end;
                return List.of(new BadCertificate(what, "renew it").problem(files));
            }
            if (now.isBefore(start)) {
                String what = "it is not valid before " + start;
                return List.of(
                        new BadCertificate(what, "look at the machine's clock").problem(files));
            }
            return List.of();
        }
    }
}
