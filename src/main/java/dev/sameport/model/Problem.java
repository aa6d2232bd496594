package dev.sameport.model;

/// Something that a person should mend: where it is, what it is, and how to fix it.
///
/// @param where the thing it is about, such as `container web-2 label sameport.publish` or `port
///   80/tcp`
/// @param what what is wrong, with the value
/// @param fix the next step, as a sentence
public record Problem(String where, String what, String fix) {
    @Override
    public String toString() {
        return where + ": " + what + "; " + fix;
    }
}
