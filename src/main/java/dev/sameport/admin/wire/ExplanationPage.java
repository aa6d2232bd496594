package dev.sameport.admin.wire;

import java.util.List;

/// `GET /v1/explain?subject=…`.
public record ExplanationPage(
        int version, String subject, List<Section> sections, List<ProblemEntry> problems) {
    /// What is to be said about one thing.
    public record Section(String title, List<Fact> facts) {}

    /// One line of it.
    public record Fact(String name, String text) {}
}
