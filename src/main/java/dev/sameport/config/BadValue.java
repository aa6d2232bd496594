package dev.sameport.config;

import dev.sameport.model.Problem;

/// A value that its grammar refuses: what is wrong with it, and what to write instead.
public final class BadValue extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;
    private final String what;
    private final String fix;

    /// @param what what is wrong, with the value
    /// @param fix what to write instead
    public BadValue(String what, String fix) {
        super(what + "; " + fix);
        this.what = what;
        this.fix = fix;
    }

    /// The same as a problem of the thing that `where` names.
    public Problem at(String where) {
        return new Problem(where, what, fix);
    }
}
