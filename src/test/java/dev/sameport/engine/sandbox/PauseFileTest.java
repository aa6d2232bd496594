package dev.sameport.engine.sandbox;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sameport.admin.Golden;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The bytes of the program and its image, for both architectures.
class PauseFileTest {
    private static final int MASK = 8;

    @ParameterizedTest
    @EnumSource(Architecture.class)
    void its_header_is_that_of_a_static_executable(Architecture architecture) {
        byte[] bytes = PauseProgram.of(architecture);
        ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        assertEquals("7f454c46020101", HexFormat.of().formatHex(bytes, 0, 7));
        assertEquals(2, file.getShort(16), "ET_EXEC");
        assertEquals(architecture == Architecture.AMD64 ? 62 : 183, file.getShort(18));
        long entry = file.getLong(24);
        long address = file.getLong(64 + 16);
        assertEquals(PauseProgram.HEADERS, entry - address, "it begins behind the headers");
        assertEquals(64, file.getLong(32), "program headers");
        assertEquals(0, file.getLong(40), "no sections");
        assertEquals(2, file.getShort(56), "two segments");
        assertEquals(1, file.getInt(64), "PT_LOAD");
        assertEquals(5, file.getInt(68), "readable, executable");
        assertEquals(bytes.length, file.getLong(64 + 32));
        assertEquals(bytes.length, file.getLong(64 + 40));
        assertEquals(0, address % file.getLong(64 + 48));
        assertEquals(0x6474e551, file.getInt(120), "PT_GNU_STACK");
        assertEquals(6, file.getInt(124), "not executable");
        assertEquals(0x14002, file.getLong(bytes.length - MASK), "SIGINT, SIGTERM, SIGCHLD");
        assertEquals(0, bytes.length % MASK);
    }

    /// Bytes that change mean another image: raise the number of `PauseImage.VERSION` then.
    @ParameterizedTest
    @EnumSource(Architecture.class)
    void its_code_and_its_image_are_the_same_each_time(Architecture architecture) throws Exception {
        byte[] archive = PauseImage.archive(architecture);
        assertArrayEquals(archive, PauseImage.archive(architecture));
        StringBuilder text = new StringBuilder(PauseImage.VERSION).append('\n');
        byte[] program = PauseProgram.of(architecture);
        for (int i = PauseProgram.HEADERS; i < program.length; i += 4) {
            text.append(HexFormat.of().formatHex(program, i, i + 4)).append('\n');
        }
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(archive);
        text.append("archive ").append(HexFormat.of().formatHex(digest)).append('\n');
        Golden.compare("sandbox/pause-" + architecture + ".txt", text.toString());
    }

    /// Each `adr` of the code leads to the mask, each branch to the beginning of an instruction.
    @Test
    void the_words_for_arm_lead_where_they_should() {
        byte[] bytes = PauseProgram.of(Architecture.ARM64);
        ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int addresses = 0;
        int branches = 0;
        for (int at = PauseProgram.HEADERS; at < bytes.length - MASK; at += 4) {
            int word = file.getInt(at);
            if ((word & 0x9f000000) == 0x10000000) {
                addresses++;
                assertEquals(bytes.length - MASK, at + (((word << 8) >> 13) << 2), "adr");
            }
            if ((word & 0xff000010) == 0x54000000) {
                branches++;
                int target = at + (((word << 8) >> 13) << 2);
                assertTrue(
                        target >= PauseProgram.HEADERS && target < bytes.length - MASK, "b.cond");
            }
        }
        assertEquals(2, addresses);
        assertEquals(5, branches);
    }

    @Test
    void an_archive_is_one_that_tar_reads(@TempDir Path directory) throws Exception {
        Path archive = directory.resolve("image.tar");
        Files.write(archive, PauseImage.archive(Architecture.AMD64));
        Process tar =
                new ProcessBuilder("tar", "-C", directory.toString(), "-xf", archive.toString())
                        .inheritIO()
                        .start();
        assertEquals(0, tar.waitFor());
        String manifest = Files.readString(directory.resolve("manifest.json"));
        String configuration = field(manifest, "Config");
        byte[] content = Files.readAllBytes(directory.resolve(configuration));
        assertEquals(configuration, sha256(content) + ".json");
        String layer = field(manifest, "Layers");
        byte[] layerBytes = Files.readAllBytes(directory.resolve(layer));
        assertTrue(
                Files.readString(directory.resolve(configuration))
                        .contains("sha256:" + sha256(layerBytes)),
                "the configuration names the layer");
        Process inner =
                new ProcessBuilder(
                                "tar",
                                "-C",
                                directory.toString(),
                                "-xpf",
                                directory.resolve(layer).toString())
                        .inheritIO()
                        .start();
        assertEquals(0, inner.waitFor());
        Path pause = directory.resolve("pause");
        assertTrue(Files.isExecutable(pause));
        assertArrayEquals(PauseProgram.of(Architecture.AMD64), Files.readAllBytes(pause));
    }

    private static String field(String json, String name) {
        return json.replaceFirst(".*\"" + name + "\":\\[?\"([^\"]+)\".*", "$1");
    }

    private static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    @Test
    void a_file_name_that_does_not_fit_is_refused() {
        assertThrows(
                IllegalArgumentException.class,
                () -> new Tar().file("x".repeat(101), 0644, new byte[0]));
    }

    @Test
    void an_architecture_without_a_program_is_refused_by_name() {
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> Architecture.of("s390x"));
        assertTrue(refused.getMessage().contains("'s390x'"), refused.getMessage());
    }
}
