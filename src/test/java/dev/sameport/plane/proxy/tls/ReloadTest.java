package dev.sameport.plane.proxy.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sameport.model.Problem;
import dev.sameport.plane.proxy.l4.Until;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReloadTest {
    @TempDir Path folder;

    private static TlsSettings settings(CertificateFiles files) {
        return new TlsSettings(List.of(files), false, List.of(), true);
    }

    private static String shown(TestTlsServer server) {
        try (var client = TestTlsClient.plain().connect(server.address(), "some.example")) {
            return client.names().getFirst();
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_new_certificate_is_shown_and_open_connections_go_on(TlsLibrary library)
            throws Exception {
        CertificateFiles files = TestCertificates.fresh(folder, "site", "old.example");
        try (TestTlsServer server = new TestTlsServer(settings(files), library);
                var open = TestTlsClient.plain().connect(server.address(), "some.example")) {
            TestCertificates.fresh(folder, "site", "new.example");

            Until.holds("the new one is shown", () -> shown(server).equals("new.example"));
            open.roundTrip();
            assertEquals(List.of("old.example"), open.names());
            assertEquals(List.of(), server.termination.problems());
            assertEquals(List.of(), server.reports, "half of a swap is no problem");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_link_that_leads_elsewhere_is_followed(TlsLibrary library) throws Exception {
        Path old = Files.createDirectory(folder.resolve("..2026_old"));
        Path next = Files.createDirectory(folder.resolve("..2026_new"));
        TestCertificates.fresh(old, "tls", "old.example");
        TestCertificates.fresh(next, "tls", "new.example");
        // As Kubernetes lays out a mounted secret: tls.crt → ..data/tls.crt, ..data → a folder.
        Path data = Files.createSymbolicLink(folder.resolve("..data"), old);
        CertificateFiles files =
                new CertificateFiles(
                        Files.createSymbolicLink(
                                folder.resolve("tls.crt"), data.resolve("tls.crt")),
                        Files.createSymbolicLink(
                                folder.resolve("tls.key"), data.resolve("tls.key")));
        for (String file : List.of("tls.crt", "tls.key")) {
            // Neither size nor time need differ.
            Files.setLastModifiedTime(next.resolve(file), FileTime.fromMillis(0));
            Files.setLastModifiedTime(old.resolve(file), FileTime.fromMillis(0));
        }
        try (TestTlsServer server = new TestTlsServer(settings(files), library)) {
            assertEquals("old.example", shown(server));

            Path swapped = Files.createSymbolicLink(folder.resolve("..data_tmp"), next);
            Files.move(swapped, data, StandardCopyOption.ATOMIC_MOVE);

            Until.holds("the new one is shown", () -> shown(server).equals("new.example"));
            assertEquals(List.of(), server.reports);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_broken_file_is_a_problem_and_the_old_certificate_stays(TlsLibrary library)
            throws Exception {
        CertificateFiles files = TestCertificates.fresh(folder, "site", "old.example");
        byte[] good = Files.readAllBytes(files.certificate());
        try (TestTlsServer server = new TestTlsServer(settings(files), library)) {
            write(files.certificate(), "-----BEGIN CERTIFICATE-----\nAAAA");

            Until.holds("it is a problem", () -> !server.termination.problems().isEmpty());
            Problem problem = server.termination.problems().getFirst();
            assertEquals("certificate " + files.certificate(), problem.where());
            assertTrue(problem.what().contains("no end"), problem::what);
            assertEquals("old.example", shown(server));

            Files.write(files.certificate(), good);

            Until.holds("it is none", () -> server.termination.problems().isEmpty());
            assertEquals("old.example", shown(server));
            assertEquals(List.of(List.of(problem), List.of()), server.reports);
        }
    }

    private static void write(Path file, String text) throws IOException {
        Files.write(file, text.getBytes(StandardCharsets.US_ASCII));
    }

    @ParameterizedTest
    @EnumSource
    void a_certificate_that_comes_late_is_shown(TlsLibrary library) throws Exception {
        CertificateFiles files =
                new CertificateFiles(folder.resolve("late.crt"), folder.resolve("late.key"));
        try (TestTlsServer server = new TestTlsServer(settings(files), library)) {
            assertTrue(
                    server.termination.problems().getFirst().what().endsWith("does not exist"),
                    () -> "" + server.termination.problems());

            TestCertificates.fresh(folder, "late", "late.example");

            Until.holds("the problem ends", () -> server.termination.problems().isEmpty());
            assertEquals("late.example", shown(server));
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_key_that_is_swapped_alone_is_a_problem(TlsLibrary library) throws Exception {
        CertificateFiles files = TestCertificates.fresh(folder, "site", "old.example");
        CertificateFiles other = TestCertificates.fresh(folder, "other", "other.example");
        try (TestTlsServer server = new TestTlsServer(settings(files), library)) {
            Files.copy(other.key(), files.key(), StandardCopyOption.REPLACE_EXISTING);

            Until.holds("it is a problem", () -> !server.termination.problems().isEmpty());
            assertTrue(
                    server.termination.problems().getFirst().what().contains("belongs to another"),
                    () -> "" + server.termination.problems());
            assertEquals("old.example", shown(server));
        }
    }
}
