package dev.sameport.admin;

import dev.sameport.model.Problem;

/// How an order ended.
public sealed interface Result {
    /// It was carried out; `text` says what was done, as one or more lines.
    record Done(String text) implements Result {}

    /// It was not, and nothing was changed.
    record Refused(Problem problem) implements Result {}

    /// Refused, because of this.
    static Result refused(String where, String what, String fix) {
        return new Refused(new Problem(where, what, fix));
    }
}
