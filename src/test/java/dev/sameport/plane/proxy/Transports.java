package dev.sameport.plane.proxy;

import java.util.Arrays;
import java.util.stream.Stream;

/// The transports that tests run on: epoll and the JDK's selector, which are everywhere that we
/// run, and io_uring where the kernel and its seccomp profile let a ring be made.
public final class Transports {
    /// For `@MethodSource`.
    public static final String HERE = "dev.sameport.plane.proxy.Transports#here";

    private Transports() {}

    static Stream<Transport> here() {
        return Arrays.stream(Transport.values())
                .filter(transport -> transport != Transport.IO_URING || transport.available());
    }
}
