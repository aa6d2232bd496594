package dev.sameport.plane.proxy.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sameport.model.EndpointId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// The secret behind sticky cookies: what a cookie holds is a keyed hash of the endpoint's name, so
/// that it tells a client nothing, neither an address nor how many endpoints there are.
///
/// It is read, or made, when the first cookie is needed, and kept over restarts, so that clients
/// keep their endpoints. Any thread.
public final class CookieKey {
    private static final System.Logger LOG = System.getLogger(CookieKey.class.getName());
    private static final int BYTES = 32;
    private static final int TOKEN_BYTES = 15;
    private static final String ALGORITHM = "HmacSHA256";

    private final @Nullable Path file;
    private byte @Nullable [] secret;

    private CookieKey(@Nullable Path file) {
        this.file = file;
    }

    /// One that is kept in `file`, for its owner only; where that can't be, one for as long as this
    /// process runs.
    public static CookieKey in(Path file) {
        return new CookieKey(file);
    }

    /// One for as long as this process runs.
    static CookieKey fresh() {
        return new CookieKey(null);
    }

    /// What a client's cookie holds while it keeps this endpoint: 20 letters, digits, `-` and `_`.
    String token(EndpointId endpoint) {
        String name =
                endpoint.replica().provider()
                        + '\0'
                        + endpoint.replica().id()
                        + '\0'
                        + endpoint.port();
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret(), ALGORITHM));
            byte[] hash = Arrays.copyOf(mac.doFinal(name.getBytes(UTF_8)), TOKEN_BYTES);
            return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
        } catch (GeneralSecurityException failure) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, failure);
        }
    }

    private synchronized byte[] secret() {
        byte[] now = secret;
        if (now == null) {
            now = file == null ? random() : kept(file);
            secret = now;
        }
        return now;
    }

    private static byte[] kept(Path file) {
        try {
            return readOrMake(file);
        } catch (IOException failure) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "cookie-key-not-kept file={0} error=\"{1}\" fix=\"make it readable; until then"
                            + " clients change their endpoints at each restart\"",
                    file,
                    failure);
            return random();
        }
    }

    private static byte[] readOrMake(Path file) throws IOException {
        try {
            byte[] read = Files.readAllBytes(file);
            if (read.length == BYTES) {
                return read;
            }
            throw new IOException(read.length + " bytes, where a key has " + BYTES);
        } catch (NoSuchFileException _) {
            return make(file);
        }
    }

    private static byte[] make(Path file) throws IOException {
        byte[] made = random();
        Path draft = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(draft); // What a crash left.
        try (FileChannel out =
                FileChannel.open(
                        draft,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rw-------")))) {
            ByteBuffer bytes = ByteBuffer.wrap(made);
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            out.force(true);
        }
        try {
            Files.createLink(file, draft); // Whole or not at all, and never over another one's.
            return made;
        } catch (FileAlreadyExistsException _) {
            return readOrMake(file);
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    private static byte[] random() {
        byte[] bytes = new byte[BYTES];
        new SecureRandom().nextBytes(bytes);
        return bytes;
    }
}
