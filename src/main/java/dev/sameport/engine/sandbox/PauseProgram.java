package dev.sameport.engine.sandbox;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;

/// The program of a sandbox: waits for signals, without using any processor time, and ends with 0
/// at SIGTERM or SIGINT. It reaps every child, so it may be the first process of a pid namespace. A
/// static ELF file of some 300 bytes that needs nothing but the kernel.
///
/// The three signals are blocked and waited for, because the kernel throws away what process 1
/// would die of, but never what it has blocked (signal(7), rt_sigtimedwait(2)). An error other than
/// EINTR ends it with 1: it would come again at once, for ever.
public final class PauseProgram {
    /// What is before the code: the ELF header and two program headers.
    static final int HEADERS = 64 + 2 * 56;

    /// Above every `vm.mmap_min_addr`, and on a page of every size.
    private static final long ADDRESS = 0x400000;

    private static final int LARGEST_PAGE = 0x10000;

    /// SIGINT (2), SIGTERM (15), SIGCHLD (17), each at bit `number - 1`.
    private static final String MASK = "02 40 01 00 00 00 00 00";

    /// System calls: rt_sigprocmask 14, rt_sigtimedwait 128, wait4 61, exit_group 231.
    private static final String X86_64 =
            """
            b8 0e 00 00 00       ;         mov  eax, 14          rt_sigprocmask(
            31 ff                ;         xor  edi, edi           SIG_BLOCK,
            48 8d 35 62 00 00 00 ;         lea  rsi, [mask]        mask,
            31 d2                ;         xor  edx, edx           NULL,
            41 ba 08 00 00 00    ;         mov  r10d, 8            8)
            0f 05                ;         syscall
            b8 3d 00 00 00       ; reap:   mov  eax, 61          wait4(
            83 cf ff             ;         or   edi, -1            any child,
            31 f6                ;         xor  esi, esi           NULL,
            ba 01 00 00 00       ;         mov  edx, 1             WNOHANG,
            45 31 d2             ;         xor  r10d, r10d         NULL)
            0f 05                ;         syscall
            85 c0                ;         test eax, eax         one signal may tell of several
            7f e8                ;         jg   reap
            b8 80 00 00 00       ; await:  mov  eax, 128         rt_sigtimedwait(
            48 8d 3d 34 00 00 00 ;         lea  rdi, [mask]        mask,
            31 f6                ;         xor  esi, esi           NULL,
            31 d2                ;         xor  edx, edx           NULL: for ever,
            41 ba 08 00 00 00    ;         mov  r10d, 8            8)
            0f 05                ;         syscall
            83 f8 0f             ;         cmp  eax, 15          SIGTERM
            74 16                ;         je   end
            83 f8 02             ;         cmp  eax, 2           SIGINT
            74 11                ;         je   end
            83 f8 fc             ;         cmp  eax, -4          EINTR: stopped, and continued
            74 d9                ;         je   await
            83 f8 11             ;         cmp  eax, 17          SIGCHLD
            74 bc                ;         je   reap
            bf 01 00 00 00       ;         mov  edi, 1
            eb 02                ;         jmp  exit
            31 ff                ; end:    xor  edi, edi
            b8 e7 00 00 00       ; exit:   mov  eax, 231         exit_group(edi)
            0f 05                ;         syscall
            0f 1f 40 00          ;         nop                   mask: at a multiple of 8
            """;

    /// System calls: rt_sigprocmask 135, rt_sigtimedwait 137, wait4 260, exit_group 94. Words as
    /// disassemblers show them; in memory the low byte comes first.
    private static final String AARCH64 =
            """
            d28010e8 ;         mov  x8, #135         rt_sigprocmask(
            d2800000 ;         mov  x0, #0             SIG_BLOCK,
            10000401 ;         adr  x1, mask           mask,
            d2800002 ;         mov  x2, #0             NULL,
            d2800103 ;         mov  x3, #8             8)
            d4000001 ;         svc  #0
            d2802088 ; reap:   mov  x8, #260         wait4(
            92800000 ;         mov  x0, #-1            any child,
            d2800001 ;         mov  x1, #0             NULL,
            d2800022 ;         mov  x2, #1             WNOHANG,
            d2800003 ;         mov  x3, #0             NULL)
            d4000001 ;         svc  #0
            f100001f ;         cmp  x0, #0           one signal may tell of several
            54ffff2c ;         b.gt reap
            d2801128 ; await:  mov  x8, #137         rt_sigtimedwait(
            10000260 ;         adr  x0, mask           mask,
            d2800001 ;         mov  x1, #0             NULL,
            d2800002 ;         mov  x2, #0             NULL: for ever,
            d2800103 ;         mov  x3, #8             8)
            d4000001 ;         svc  #0
            f1003c1f ;         cmp  x0, #15          SIGTERM
            54000120 ;         b.eq end
            f100081f ;         cmp  x0, #2           SIGINT
            540000e0 ;         b.eq end
            b100101f ;         cmn  x0, #4           EINTR: stopped, and continued
            54fffea0 ;         b.eq await
            f100441f ;         cmp  x0, #17          SIGCHLD
            54fffd60 ;         b.eq reap
            d2800020 ;         mov  x0, #1
            14000002 ;         b    exit
            d2800000 ; end:    mov  x0, #0
            d2800bc8 ; exit:   mov  x8, #94          exit_group(x0)
            d4000001 ;         svc  #0
            d503201f ;         nop                   mask: at a multiple of 8
            """;

    private PauseProgram() {}

    /// The whole file, the same bytes each time.
    public static byte[] of(Architecture architecture) {
        byte[] code = code(architecture);
        int size = HEADERS + code.length;
        ByteBuffer file = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        header(file, architecture);
        // PT_LOAD, readable and executable: the whole file. Nothing is ever written.
        segment(file, 1, 5, ADDRESS, size, LARGEST_PAGE);
        // PT_GNU_STACK, readable and writable: without it, a stack that can be executed.
        segment(file, 0x6474e551, 6, 0, 0, 16);
        return file.put(code).array();
    }

    private static byte[] code(Architecture architecture) {
        return switch (architecture) {
            case AMD64 -> bytes(X86_64, false);
            case ARM64 -> bytes(AARCH64, true);
        };
    }

    private static byte[] bytes(String listing, boolean words) {
        ByteBuffer code = ByteBuffer.allocate(256);
        for (String line : listing.lines().toList()) {
            byte[] instruction =
                    HexFormat.of().parseHex(line.substring(0, line.indexOf(';')).replace(" ", ""));
            ByteBuffer value = ByteBuffer.wrap(instruction);
            code.put(
                    words
                            ? value.putInt(0, Integer.reverseBytes(value.getInt(0))).array()
                            : instruction);
        }
        code.put(HexFormat.of().parseHex(MASK.replace(" ", "")));
        byte[] exact = new byte[code.position()];
        code.flip().get(exact);
        return exact;
    }

    /// Ehdr of elf(5): 64 bits, little-endian, an executable of fixed addresses, no sections.
    private static void header(ByteBuffer file, Architecture architecture) {
        file.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0});
        file.putShort((short) 2).putShort((short) architecture.elfMachine()).putInt(1);
        file.putLong(ADDRESS + HEADERS).putLong(64).putLong(0).putInt(0);
        file.putShort((short) 64).putShort((short) 56).putShort((short) 2);
        file.putShort((short) 64).putShort((short) 0).putShort((short) 0);
    }

    /// Phdr of elf(5), from the beginning of the file.
    private static void segment(
            ByteBuffer file, int type, int flags, long address, long size, long alignment) {
        file.putInt(type).putInt(flags).putLong(0).putLong(address).putLong(address);
        file.putLong(size).putLong(size).putLong(alignment);
    }
}
