package dev.sameport.engine;

/// Which engine answers, and the API version that is spoken with it.
///
/// @param version its own, such as `20.10.24`
/// @param api the newest that both know, such as `1.41`
public record EngineVersion(Kind kind, String version, String api) {
    /// Who makes it.
    public enum Kind {
        DOCKER("Docker"),
        PODMAN("Podman");

        private final String text;

        Kind(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    @Override
    public String toString() {
        return kind + " " + version + ", API " + api;
    }
}
