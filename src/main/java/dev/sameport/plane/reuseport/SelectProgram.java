package dev.sameport.plane.reuseport;

import dev.sameport.linux.bpf.Assembler;
import dev.sameport.linux.bpf.Bytecode;
import dev.sameport.linux.bpf.Helper;
import dev.sameport.linux.bpf.Register;
import dev.sameport.linux.bpf.Width;

/// Chooses the socket for a new connection: the hash of its addresses and ports names a slot, the
/// slot an index, the index a socket. Where there is none any more the kernel chooses among the
/// group by its own hash.
///
/// Map `slots`: slot 0 to [#SLOTS] − 1 (4 bytes) → index (4). Map `hits`: index (4) → connections
/// (8, per processor). Map `sockets`: index (4) → socket.
final class SelectProgram {
    /// A power of two. A share is met to 1/1024.
    static final int SLOTS = 1024;

    /// Of `struct sk_reuseport_md`.
    private static final int HASH = 32;

    private static final int SK_PASS = 1;
    private static final int NUMBER = -4;

    private SelectProgram() {}

    /// @param slots descriptor of the map, as are the others
    static Bytecode assemble(int slots, int hits, int sockets) {
        return new Assembler()
                .move(Register.R6, Register.R1)
                .load(Width.WORD, Register.R0, Register.R6, HASH)
                .and(Register.R0, SLOTS - 1)
                .store(Width.WORD, Register.R10, NUMBER, Register.R0)
                .map(Register.R1, slots)
                .move(Register.R2, Register.R10)
                .plus(Register.R2, NUMBER)
                .call(Helper.MAP_LOOKUP)
                .jumpIfEqual(Register.R0, 0, "kernel's choice")
                .load(Width.WORD, Register.R0, Register.R0, 0)
                .store(Width.WORD, Register.R10, NUMBER, Register.R0)
                .move(Register.R1, Register.R6)
                .map(Register.R2, sockets)
                .move(Register.R3, Register.R10)
                .plus(Register.R3, NUMBER)
                .move(Register.R4, 0)
                .call(Helper.SELECT_REUSEPORT)
                .jumpIfNotEqual(Register.R0, 0, "kernel's choice")
                .map(Register.R1, hits)
                .move(Register.R2, Register.R10)
                .plus(Register.R2, NUMBER)
                .call(Helper.MAP_LOOKUP)
                .jumpIfEqual(Register.R0, 0, "kernel's choice")
                // Per processor: nobody else writes it.
                .load(Width.DOUBLE, Register.R1, Register.R0, 0)
                .plus(Register.R1, 1)
                .store(Width.DOUBLE, Register.R0, 0, Register.R1)
                .label("kernel's choice")
                .move(Register.R0, SK_PASS)
                .exit()
                .assemble();
    }
}
