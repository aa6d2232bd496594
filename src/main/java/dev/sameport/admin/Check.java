package dev.sameport.admin;

/// One thing that `doctor` looked at.
///
/// @param name what was looked at, such as `nftables` or `engine docker`
/// @param found what was found, such as `libnftables 1.0.6`
/// @param fix the next step; empty where there is nothing to do
public record Check(String name, Level level, String found, String fix) {
    /// How it is.
    public enum Level {
        /// As it should be.
        OK,
        /// Something works less well than it could.
        WARN,
        /// Something doesn't work.
        FAIL
    }

    /// All is well.
    public static Check ok(String name, String found) {
        return new Check(name, Level.OK, found, "");
    }

    /// It works, but not as well as it could.
    public static Check warn(String name, String found, String fix) {
        return new Check(name, Level.WARN, found, fix);
    }

    /// It doesn't work.
    public static Check fail(String name, String found, String fix) {
        return new Check(name, Level.FAIL, found, fix);
    }
}
