package dev.sameport.linux;

import java.util.List;

/// Tells that interfaces, bridge ports or addresses of the network namespace changed.
///
/// It doesn't tell what: ask [Links].
public final class LinkMonitor implements AutoCloseable {
    private static final int GROUP_LINK = 1;
    private static final int GROUP_IPV4_ADDRESS = 5;
    private static final int GROUP_IPV6_ADDRESS = 9;

    private final NetlinkListener listener;

    private LinkMonitor(NetlinkListener listener) {
        this.listener = listener;
    }

    /// Watches the calling thread's network namespace from now on.
    ///
    /// @param onChange called on the monitor's own thread, which it shouldn't keep long; once for
    ///   several changes at a time, and also when notifications were lost
    public static LinkMonitor open(Runnable onChange) {
        NetlinkListener.Receiver receiver =
                new NetlinkListener.Receiver() {
                    @Override
                    public void received(List<NetlinkMessage> messages) {
                        onChange.run();
                    }

                    @Override
                    public void lost() {
                        onChange.run();
                    }
                };
        return new LinkMonitor(
                NetlinkListener.start(
                        "link-monitor",
                        NetlinkSocket.ROUTE,
                        List.of(GROUP_LINK, GROUP_IPV4_ADDRESS, GROUP_IPV6_ADDRESS),
                        receiver));
    }

    /// Ends; when this returns, nothing is told any more.
    @Override
    public void close() {
        listener.close();
    }
}
