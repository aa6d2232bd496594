package dev.sameport.engine.sandbox;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// The image of a sandbox, as an archive for `POST /images/load`: one layer with one file,
/// `/pause`. It has no labels, so that it never asks for anything by itself.
public final class PauseImage {
    /// What compose files and people write.
    public static final String NAME = "sameport/pause";

    /// The tag that changes with the image's bytes: an engine that has it has this very image.
    public static final String VERSION = NAME + ":1";

    /// In the archive the names are complete. Podman takes a short one for `localhost/…`, but looks
    /// for `docker.io/…` when its Docker-compatible API is asked for the short one, and would ask a
    /// registry; Docker shows the complete one as the short one.
    private static final String REGISTRY = "docker.io/";

    private static final String TIME = "1970-01-01T00:00:00Z";

    private PauseImage() {}

    /// A Docker image archive, the same bytes each time.
    public static byte[] archive(Architecture architecture) {
        byte[] layer = new Tar().file("pause", 0755, PauseProgram.of(architecture)).end();
        String layerDigest = sha256(layer);
        byte[] configuration = utf8(configuration(architecture, layerDigest));
        String configurationFile = sha256(configuration) + ".json";
        String layerFile = layerDigest + "/layer.tar";
        return new Tar()
                .file(layerFile, 0644, layer)
                .file(configurationFile, 0644, configuration)
                .file("manifest.json", 0644, utf8(manifest(configurationFile, layerFile)))
                .end();
    }

    /// The image's configuration (OCI image specification, config.md). The user is nobody's.
    private static String configuration(Architecture architecture, String layerDigest) {
        return """
        {"architecture":"%s","os":"linux","created":"%2$s",\
        "config":{"Entrypoint":["/pause"],"StopSignal":"SIGTERM","User":"65534:65534"},\
        "rootfs":{"type":"layers","diff_ids":["sha256:%3$s"]},\
        "history":[{"created":"%2$s","created_by":"sameport"}]}\
        """
                .formatted(architecture, TIME, layerDigest);
    }

    private static String manifest(String configurationFile, String layerFile) {
        return """
        [{"Config":"%s","RepoTags":["%s:latest","%s"],"Layers":["%s"]}]\
        """
                .formatted(configurationFile, REGISTRY + NAME, REGISTRY + VERSION, layerFile);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
