package dev.sameport.linux.bpf;

/// A register of the machine (RFC 9669, section 2). R0 takes results; R1 to R5 are arguments, lost
/// in a call; R6 to R9 survive calls; R10 is the end of a stack of 512 bytes, read only.
public enum Register {
    R0(0),
    R1(1),
    R2(2),
    R3(3),
    R4(4),
    R5(5),
    R6(6),
    R7(7),
    R8(8),
    R9(9),
    R10(10);

    private final int number;

    Register(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }
}
