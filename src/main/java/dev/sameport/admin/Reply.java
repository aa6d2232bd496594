package dev.sameport.admin;

import dev.sameport.admin.wire.DonePage;
import dev.sameport.admin.wire.ErrorPage;
import dev.sameport.admin.wire.ProblemEntry;
import dev.sameport.admin.wire.Wire;
import dev.sameport.model.Change;
import dev.sameport.model.Problem;
import java.util.function.Predicate;

/// What is sent back.
sealed interface Reply {
    String TEXT = "text/plain; charset=utf-8";
    String JSON = "application/json";
    String JSON_LINES = "application/x-ndjson";

    /// One document.
    record Page(int status, String type, String body) implements Reply {}

    /// Changes, a line each.
    ///
    /// @param head what is sent before them
    /// @param since the number after which they begin
    /// @param follow whether it goes on until the client goes
    /// @param wanted which changes
    /// @param ended called once, when the connection has ended
    record Stream(
            String head,
            long since,
            boolean follow,
            boolean json,
            Paint paint,
            Predicate<Change> wanted,
            Runnable ended)
            implements Reply {}

    /// The error page, in the form that was asked for.
    static Page error(int status, Problem problem, boolean json) {
        return json
                ? new Page(
                        status,
                        JSON,
                        Wire.page(new ErrorPage(Wire.VERSION, ProblemEntry.of(problem))))
                : new Page(status, TEXT, ProblemLines.line(problem) + "\n");
    }

    /// The page for an order's end.
    static Page of(Result result, boolean json) {
        return switch (result) {
            case Result.Done(String text) ->
                    json
                            ? new Page(200, JSON, Wire.page(new DonePage(Wire.VERSION, text)))
                            : new Page(200, TEXT, text.endsWith("\n") ? text : text + "\n");
            case Result.Refused(Problem problem) -> error(409, problem, json);
        };
    }
}
