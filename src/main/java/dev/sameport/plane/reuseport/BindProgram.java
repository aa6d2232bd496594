package dev.sameport.plane.reuseport;

import dev.sameport.linux.bpf.Assembler;
import dev.sameport.linux.bpf.Bytecode;
import dev.sameport.linux.bpf.Helper;
import dev.sameport.linux.bpf.Register;
import dev.sameport.linux.bpf.Width;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Runs at every bind(2) of the machine, and switches SO_REUSEPORT on for TCP sockets that bind to
/// a port that is to be shared in their network namespace. It lets every bind go on, and looks at
/// nothing else.
///
/// Map `ports`: namespace cookie (8 bytes), port in network order (4), protocol (4) → how many
/// sockets it has switched (8), whether the process must be in one of `cgroups` (4), zero (4). Map
/// `cgroups`: id of a cgroup in the v2 hierarchy (8) → anything (4).
final class BindProgram {
    static final int KEY_BYTES = 16;
    static final int VALUE_BYTES = 16;
    static final int CGROUP_KEY_BYTES = 8;
    static final int CGROUP_VALUE_BYTES = 4;

    /// Of `struct bpf_sock_addr`.
    private static final int USER_PORT = 24;

    private static final int PROTOCOL = 36;

    private static final int SOL_SOCKET = 1;
    private static final int SO_REUSEPORT = 15;
    private static final int TCP = 6;

    // On the stack.
    private static final int KEY = -16;
    private static final int KEY_PORT = -8;
    private static final int KEY_PROTOCOL = -4;
    private static final int CGROUP = -24;
    private static final int ONE = -28;

    // In a value of `ports`.
    private static final int SWITCHED = 0;
    private static final int ONLY_CGROUPS = 8;

    private BindProgram() {}

    /// @param ports descriptor of the map
    /// @param cgroups descriptor of the map
    static Bytecode assemble(int ports, int cgroups) {
        return new Assembler()
                .move(Register.R6, Register.R1)
                // The cheapest question first: most binds are not TCP's or not to a fixed port.
                .load(Width.WORD, Register.R0, Register.R6, PROTOCOL)
                .jumpIfNotEqual(Register.R0, TCP, "go on")
                .store(Width.WORD, Register.R10, KEY_PROTOCOL, Register.R0)
                .load(Width.WORD, Register.R0, Register.R6, USER_PORT)
                .jumpIfEqual(Register.R0, 0, "go on")
                .store(Width.WORD, Register.R10, KEY_PORT, Register.R0)
                .call(Helper.NETNS_COOKIE)
                .store(Width.DOUBLE, Register.R10, KEY, Register.R0)
                .map(Register.R1, ports)
                .move(Register.R2, Register.R10)
                .plus(Register.R2, KEY)
                .call(Helper.MAP_LOOKUP)
                .jumpIfEqual(Register.R0, 0, "go on")
                .move(Register.R7, Register.R0)
                .load(Width.WORD, Register.R0, Register.R7, ONLY_CGROUPS)
                .jumpIfEqual(Register.R0, 0, "switch")
                .call(Helper.CURRENT_CGROUP_ID)
                .store(Width.DOUBLE, Register.R10, CGROUP, Register.R0)
                .map(Register.R1, cgroups)
                .move(Register.R2, Register.R10)
                .plus(Register.R2, CGROUP)
                .call(Helper.MAP_LOOKUP)
                .jumpIfEqual(Register.R0, 0, "go on")
                .label("switch")
                .store(Width.WORD, Register.R10, ONE, 1)
                .move(Register.R1, Register.R6)
                .move(Register.R2, SOL_SOCKET)
                .move(Register.R3, SO_REUSEPORT)
                .move(Register.R4, Register.R10)
                .plus(Register.R4, ONE)
                .move(Register.R5, Integer.BYTES)
                .call(Helper.SETSOCKOPT)
                .jumpIfNotEqual(Register.R0, 0, "go on")
                .move(Register.R1, 1)
                .atomicPlus(Register.R7, SWITCHED, Register.R1)
                .label("go on")
                .move(Register.R0, 1)
                .exit()
                .assemble();
    }

    static byte[] key(long cookie, int port) {
        ByteBuffer key = ByteBuffer.allocate(KEY_BYTES).order(ByteOrder.nativeOrder());
        key.putLong(cookie);
        key.order(ByteOrder.BIG_ENDIAN).putShort((short) port).putShort((short) 0);
        return key.order(ByteOrder.nativeOrder()).putInt(TCP).array();
    }

    static byte[] value(boolean onlyCgroups) {
        return ByteBuffer.allocate(VALUE_BYTES)
                .order(ByteOrder.nativeOrder())
                .putLong(0)
                .putInt(onlyCgroups ? 1 : 0)
                .array();
    }

    static long switched(byte[] value) {
        return ByteBuffer.wrap(value).order(ByteOrder.nativeOrder()).getLong(SWITCHED);
    }
}
