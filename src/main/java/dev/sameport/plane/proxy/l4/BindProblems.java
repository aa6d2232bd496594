package dev.sameport.plane.proxy.l4;

import dev.sameport.model.Addresses;
import dev.sameport.model.Problem;
import dev.sameport.model.PublishedPort;
import java.util.Locale;

/// Says what keeps a published port from being ours, and what to do about it. Pure.
final class BindProblems {
    private BindProblems() {}

    private enum Cause {
        IN_USE,
        NOT_ALLOWED,
        NO_SUCH_ADDRESS,
        OTHER
    }

    /// Another process's socket is in the way.
    static Problem held(PublishedPort published, PortHolder holder) {
        String place = holder.address().text();
        return problem(
                published,
                holder.owner()
                        + " listens on "
                        + (place.isEmpty() ? "" : place + ":")
                        + published.port()
                        + "/tcp",
                "stop it, or publish another port; the port is taken as soon as it is free");
    }

    /// Another published port of ours wants the same socket.
    static Problem overlaps(PublishedPort published, PublishedPort other) {
        return problem(
                published,
                "it overlaps with " + other.text() + ", which is published too",
                "publish them on different addresses or ports");
    }

    /// The JDK's sockets can't do it.
    static Problem needsEpoll(PublishedPort published) {
        return problem(
                published,
                "an IPv6-only listener needs Netty's native epoll, which doesn't load here",
                "publish one IPv6 address, or without an address for both families");
    }

    /// bind or listen failed.
    static Problem failed(PublishedPort published, SocketPlan plan, Throwable failure) {
        return switch (cause(failure)) {
            case IN_USE ->
                    problem(
                            published,
                            "the port is in use (EADDRINUSE), by a socket that doesn't listen or"
                                    + " can't be seen",
                            "find it with: ss -tanp 'sport = :" + published.port() + "'");
            case NOT_ALLOWED ->
                    problem(
                            published,
                            "no permission to bind it (EACCES)",
                            "run as root, or lower the first unprivileged port: sysctl"
                                    + " net.ipv4.ip_unprivileged_port_start="
                                    + published.port());
            case NO_SUCH_ADDRESS ->
                    problem(
                            published,
                            "the host has no address "
                                    + Addresses.text(plan.address().getAddress())
                                    + " now (EADDRNOTAVAIL)",
                            "add the address, or publish on one that the host has; it is tried"
                                    + " again");
            case OTHER ->
                    problem(
                            published,
                            "it can't be bound: " + failure.getMessage(),
                            "it is tried again");
        };
    }

    private static Cause cause(Throwable failure) {
        // Both transports end their message with strerror(3); the JDK gives no number.
        String message = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
        if (message.contains("address already in use")) {
            return Cause.IN_USE;
        }
        if (message.contains("permission denied")) {
            return Cause.NOT_ALLOWED;
        }
        return message.contains("cannot assign requested address")
                ? Cause.NO_SUCH_ADDRESS
                : Cause.OTHER;
    }

    private static Problem problem(PublishedPort published, String what, String fix) {
        return new Problem("port " + published.text(), what, fix);
    }
}
