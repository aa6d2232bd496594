package dev.sameport.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SystemdNotifyTest {
    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM = 2;

    @TempDir Path folder;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void the_socket_of_a_path_and_an_abstract_one_are_told(boolean isAbstract) {
        String name =
                isAbstract
                        ? "@sp-" + ProcessHandle.current().pid()
                        : folder.resolve("notify").toString();
        try (Descriptor receiver =
                Descriptor.of("socket", SystemCall.SOCKET.call(AF_UNIX, SOCK_DGRAM, 0))) {
            bind(receiver, name);
            SystemdNotify systemd = SystemdNotify.to(name);

            systemd.ready("3 services\nWATCHDOG=1");
            assertEquals("READY=1\nSTATUS=3 services WATCHDOG=1", receive(receiver));
            systemd.status("4 services");
            assertEquals("STATUS=4 services", receive(receiver));
            systemd.stopping();
            assertEquals("STOPPING=1", receive(receiver));
        }
    }

    @Test
    void nobody_is_told_where_nobody_asked() {
        SystemdNotify.to(null).ready("");
        SystemdNotify.to("").stopping();
    }

    @Test
    void a_name_that_is_no_socket_and_a_socket_that_is_nowhere_are_refused() {
        assertThrows(IllegalArgumentException.class, () -> SystemdNotify.to("relative"));
        assertThrows(IllegalArgumentException.class, () -> SystemdNotify.to("/" + "x".repeat(107)));
        SystemdNotify nowhere = SystemdNotify.to(folder.resolve("absent").toString());
        assertEquals(
                "ENOENT", assertThrows(LinuxException.class, () -> nowhere.ready("")).errorName());
    }

    private static void bind(Descriptor socket, String name) {
        byte[] bytes = name.replace('@', '\0').getBytes(StandardCharsets.UTF_8);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocate(110);
            address.set(ValueLayout.JAVA_SHORT, 0, (short) AF_UNIX);
            MemorySegment.copy(bytes, 0, address, ValueLayout.JAVA_BYTE, 2, bytes.length);
            int length = 2 + bytes.length + (bytes[0] == 0 ? 0 : 1);
            var _ =
                    LinuxException.orThrow(
                            "bind",
                            SystemCall.BIND.call(socket.number(), address.address(), length));
        }
    }

    private static String receive(Descriptor socket) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocate(1000);
            long length =
                    LinuxException.orThrow(
                            "recv",
                            SystemCall.RECVFROM.call(
                                    socket.number(), text.address(), 1000, 0, 0, 0));
            return new String(
                    text.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
        }
    }
}
