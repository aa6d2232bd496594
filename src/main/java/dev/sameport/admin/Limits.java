package dev.sameport.admin;

import java.time.Duration;

/// How much the control socket takes.
///
/// @param connections at once
/// @param request how long a request may take to come
/// @param answer how long a client may leave an answer untaken
record Limits(int connections, Duration request, Duration answer) {
    static final Limits STANDARD = new Limits(64, Duration.ofSeconds(10), Duration.ofSeconds(10));
}
