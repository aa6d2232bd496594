package dev.sameport.balance;

/// Keys for hashing: 64 bits of text or bytes, the same in every process.
public final class Keys {
    private static final long FIRST = 0x243f6a8885a308d3L; // the fraction of pi

    private Keys() {}

    /// The key of a name.
    public static long of(CharSequence name) {
        long key = FIRST;
        for (int i = 0; i < name.length(); i++) {
            key = mixed(key ^ name.charAt(i));
        }
        return key;
    }

    /// The key of an address, or of other bytes.
    public static long of(byte[] bytes) {
        long key = FIRST;
        for (byte each : bytes) {
            key = mixed(key ^ (each & 0xff));
        }
        return key;
    }

    /// A bijection under which each bit of the result depends on every bit (the finisher of
    /// SplitMix64).
    static long mixed(long value) {
        long mixed = value + 0x9e3779b97f4a7c15L;
        mixed = (mixed ^ (mixed >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return mixed ^ (mixed >>> 31);
    }
}
