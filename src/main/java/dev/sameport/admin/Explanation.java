package dev.sameport.admin;

import dev.sameport.model.Problem;
import java.util.List;

/// Why something is served the way it is.
///
/// @param subject what was asked about, as asked
/// @param sections one for each service, port or endpoint that it means
/// @param problems those that concern it
public record Explanation(String subject, List<Section> sections, List<Problem> problems) {
    /// What is to be said about one thing.
    ///
    /// @param title the thing, such as `service web` or `endpoint web-2:8080`
    public record Section(String title, List<Fact> facts) {
        public Section {
            facts = List.copyOf(facts);
        }
    }

    /// One line.
    ///
    /// @param name what it is about, such as `plane`
    /// @param text how that is, and why
    public record Fact(String name, String text) {}

    public Explanation {
        sections = List.copyOf(sections);
        problems = List.copyOf(problems);
    }
}
