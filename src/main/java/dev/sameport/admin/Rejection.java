package dev.sameport.admin;

import dev.sameport.model.Problem;

/// A request that is answered with an error status.
final class Rejection extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final transient Problem problem;

    Rejection(int status, Problem problem) {
        super(problem.toString(), null, false, false);
        this.status = status;
        this.problem = problem;
    }

    static Rejection bad(String where, String what, String fix) {
        return new Rejection(400, new Problem(where, what, fix));
    }

    int status() {
        return status;
    }

    Problem problem() {
        return problem;
    }
}
