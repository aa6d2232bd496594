package dev.sameport.plane.reuseport;

import dev.sameport.linux.ListeningSocket;
import dev.sameport.model.Addresses;
import dev.sameport.model.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Says which replicas of a sandbox can't take part, and what to do. Pure.
final class Findings {
    private final String sandbox;
    private final int port;
    private final @Nullable String noHook;
    private final List<Member> members;

    /// What was seen of one member.
    ///
    /// @param name what people call it
    /// @param user the user id of its first process; -1 where that can't be told
    /// @param sockets those that listen on the port
    /// @param alone whether one of them was bound without SO_REUSEPORT
    /// @param waited whether it has had its time to listen
    /// @param elsewhere the other ports that it listens on
    /// @param hidden why it can't be told from servers that have nothing to do with us; null where
    ///   it can
    record Member(
            String name,
            int user,
            List<ListeningSocket> sockets,
            boolean alone,
            boolean waited,
            List<Integer> elsewhere,
            @Nullable String hidden) {}

    private Findings(String sandbox, int port, @Nullable String noHook, List<Member> members) {
        this.sandbox = sandbox;
        this.port = port;
        this.noHook = noHook;
        this.members = members;
    }

    /// @param noHook why sockets are not let share the port by us; null where they are
    static List<Problem> of(
            String sandbox, int port, @Nullable String noHook, List<Member> members) {
        return new Findings(sandbox, port, noHook, members).problems();
    }

    private List<Problem> problems() {
        List<Problem> problems = new ArrayList<>();
        for (Member member : members) {
            Problem problem = problem(member);
            if (problem != null) {
                problems.add(problem);
            }
        }
        differentBinds(problems);
        return problems;
    }

    private @Nullable Problem problem(Member member) {
        if (!member.sockets().isEmpty()) {
            boolean inTheWay = members.size() > 1 || member.hidden() != null;
            return member.alone() && inTheWay ? boundAlone(member) : null;
        }
        Member first =
                members.stream()
                        .filter(other -> !other.sockets().isEmpty())
                        .findFirst()
                        .orElse(null);
        if (first != null && differ(first.user(), member.user())) {
            return otherUser(member, first);
        }
        if (!member.waited()) {
            return null;
        }
        return member.elsewhere().isEmpty() ? silent(member, first) : otherPort(member);
    }

    private static boolean differ(int user, int other) {
        return user >= 0 && other >= 0 && user != other;
    }

    /// Why it isn't let share the port by us, or null where it is.
    private @Nullable String refusal(Member member) {
        return member.hidden() == null ? noHook : member.hidden();
    }

    private static String remedy(Member member) {
        return member.hidden() == null
                ? "let all replicas set SO_REUSEPORT themselves"
                : "let it set SO_REUSEPORT itself, or use a sandbox";
    }

    private Problem boundAlone(Member member) {
        String refusal = refusal(member);
        return new Problem(
                where(member),
                "it listens on port "
                        + port
                        + " of "
                        + sandbox
                        + " without SO_REUSEPORT, so no other replica can listen there"
                        + (refusal == null ? "" : "; " + refusal),
                refusal == null ? "it was there before Sameport: restart it" : remedy(member));
    }

    private Problem otherUser(Member member, Member first) {
        return new Problem(
                where(member),
                "it runs as user id "
                        + member.user()
                        + ", but "
                        + first.name()
                        + " as "
                        + first.user()
                        + ": the kernel lets only sockets of one user share a port",
                "run all replicas of " + sandbox + " as the same user");
    }

    private Problem otherPort(Member member) {
        return new Problem(
                where(member),
                "it listens on "
                        + member.elsewhere().stream()
                                .map(String::valueOf)
                                .collect(Collectors.joining(", "))
                        + " but not on "
                        + port
                        + ", which is published",
                "publish the port that it listens on, or let it listen on " + port);
    }

    private Problem silent(Member member, @Nullable Member first) {
        String refusal = refusal(member);
        return new Problem(
                where(member),
                "nothing of it listens on port " + port + " of " + sandbox,
                refusal != null && first != null
                        ? refusal + ": " + remedy(member)
                        : "look at its log; if it says that the address is in use, restart it");
    }

    private void differentBinds(List<Problem> problems) {
        TreeSet<String> binds = new TreeSet<>();
        members.forEach(member -> binds.add(bind(member)));
        binds.remove("");
        if (binds.size() < 2) {
            return;
        }
        String each =
                members.stream()
                        .filter(member -> !member.sockets().isEmpty())
                        .map(member -> member.name() + " on " + bind(member))
                        .collect(Collectors.joining(", "));
        problems.add(
                new Problem(
                        "sandbox " + sandbox,
                        String.format(
                                Locale.ROOT,
                                "its replicas bind port %d differently (%s): the kernel gives a"
                                        + " connection to those that bind most closely, and the"
                                        + " others get none of its kind",
                                port,
                                each),
                        "let all of them bind alike, best to 0.0.0.0"));
    }

    private static String bind(Member member) {
        return member.sockets().stream()
                .map(Findings::bind)
                .distinct()
                .sorted()
                .collect(Collectors.joining(" and "));
    }

    private static String bind(ListeningSocket socket) {
        String address = Addresses.text(socket.address());
        return socket.ipv6() && socket.v6Only() ? address + " (IPv6 only)" : address;
    }

    private static String where(Member member) {
        return "container " + member.name();
    }
}
