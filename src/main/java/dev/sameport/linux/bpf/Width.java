package dev.sameport.linux.bpf;

/// How much a load or store moves.
public enum Width {
    BYTE(0x10),
    HALF(0x08),
    WORD(0x00),
    DOUBLE(0x18);

    private final int code;

    Width(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }
}
