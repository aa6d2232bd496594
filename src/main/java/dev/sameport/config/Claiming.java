package dev.sameport.config;

import dev.sameport.model.Claimable;
import dev.sameport.model.Claims;
import dev.sameport.model.PublishedPort;
import dev.sameport.model.ServiceName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Decides which service holds which published port, or which server name on a port that services
/// share.
///
/// In this order: who has a reserved one, even if it doesn't ask now; who holds a claim to that
/// very one; who holds a claim to one that overlaps it (its address was changed), or to another
/// name of the port; declared services by name; services by the start of their oldest replica, then
/// its id.
final class Claiming {
    /// A range that conflicts is not told port by port.
    private static final int MAX_TOLD = 5;

    private record Claim(Claimable claimed, ServiceName service) {}

    private record Conflict(ServiceName loser, ServiceName holder, boolean names) {}

    private record Ask(Candidate candidate, Claimable asked, int recorded) {}

    private static final Comparator<Ask> ORDER =
            Comparator.comparingInt(Ask::recorded)
                    .thenComparing(ask -> ask.candidate().seniority())
                    .thenComparing(ask -> ask.candidate().name)
                    .thenComparing(Ask::asked);

    private final Map<String, List<Claim>> recorded = new HashMap<>();
    private final Map<String, List<Claim>> granted = new HashMap<>();
    private final TreeMap<Claimable, ServiceName> holders = new TreeMap<>();
    private final TreeSet<Claimable> reserved = new TreeSet<>();
    private final Problems problems;

    private Claiming(Claims claims, Problems problems) {
        claims.holders().forEach((claimed, service) -> put(recorded, claimed, service));
        this.problems = problems;
    }

    /// The claims that hold now: each asked-for one at most once, none overlapping another.
    static Claims settle(Collection<Candidate> candidates, Claims claims, Problems problems) {
        Claiming claiming = new Claiming(claims, problems);
        claiming.reserve(claims, candidates);
        List<Ask> asks = new ArrayList<>();
        for (Candidate candidate : candidates) {
            for (Claimable asked : candidate.asked()) {
                asks.add(new Ask(candidate, asked, claiming.rank(candidate.name, asked)));
            }
        }
        asks.sort(ORDER);
        List<Ask> refused = new ArrayList<>();
        for (Ask ask : asks) {
            if (!claiming.grant(ask)) {
                refused.add(ask);
            }
        }
        // Told at the end and in port order, so that the text depends on who holds what, not on the
        // order of grants, which records change.
        refused.sort(Comparator.comparing(Ask::asked));
        claiming.refuse(refused);
        return new Claims(claiming.holders, claiming.reserved);
    }

    /// A holder that is there again speaks for itself: it may ask for another address of that port.
    private void reserve(Claims claims, Collection<Candidate> candidates) {
        claims.holders()
                .forEach((claimed, holder) -> {
                    boolean back =
                            candidates.stream()
                                    .filter(candidate -> candidate.name.equals(holder))
                                    .flatMap(candidate -> candidate.asked().stream())
                                    .map(Claimable::published)
                                    .anyMatch(claimed.published()::overlaps);
                    if (claims.reserved().contains(claimed) && !back) {
                        holders.put(claimed, holder);
                        put(granted, claimed, holder);
                        reserved.add(claimed);
                    }
                });
    }

    private int rank(ServiceName name, Claimable asked) {
        int rank = 2;
        for (Claim claim : at(recorded, asked)) {
            if (claim.service().equals(name)
                    && claim.claimed().published().overlaps(asked.published())) {
                rank = Math.min(rank, claim.claimed().equals(asked) ? 0 : 1);
            }
        }
        return rank;
    }

    private boolean grant(Ask ask) {
        if (!overlapping(ask.asked()).isEmpty()) {
            return false;
        }
        holders.put(ask.asked(), ask.candidate().name);
        put(granted, ask.asked(), ask.candidate().name);
        return true;
    }

    private List<Claim> overlapping(Claimable asked) {
        return at(granted, asked).stream()
                .filter(claim -> claim.claimed().overlaps(asked))
                .sorted(Comparator.comparing(Claim::claimed))
                .toList();
    }

    private void refuse(List<Ask> refused) {
        Map<Conflict, Set<Claimable>> told = new HashMap<>();
        for (Ask ask : refused) {
            Claim holder = overlapping(ask.asked()).getFirst();
            boolean names = names(ask, holder);
            Claimable shown = names ? ask.asked() : Claimable.whole(ask.asked().published());
            Conflict conflict = new Conflict(ask.candidate().name, holder.service(), names);
            Set<Claimable> before = told.computeIfAbsent(conflict, _ -> new HashSet<>());
            if (before.add(shown) && before.size() <= MAX_TOLD) {
                refuse(ask, holder);
            }
        }
        told.forEach((conflict, shown) -> refuseMore(conflict, shown.size() - MAX_TOLD));
    }

    /// Whether it is about a server name, and not about a port.
    private static boolean names(Ask ask, Claim holder) {
        return ask.asked().serverName() != null
                && ask.asked().serverName().equals(holder.claimed().serverName());
    }

    private void refuseMore(Conflict conflict, int count) {
        if (count > 0) {
            String what = conflict.names() ? "server names" : "ports";
            problems.add(
                    "service " + conflict.loser(),
                    count + " more of its " + what + " are claimed by service " + conflict.holder(),
                    "publish service " + conflict.loser() + " on other ports");
        }
    }

    private void refuse(Ask ask, Claim holder) {
        ServiceName loser = ask.candidate().name;
        String where = "service " + loser + " port " + ask.asked().published().text();
        String held =
                names(ask, holder)
                        ? "server name " + holder.claimed().serverName()
                        : holder.claimed().published().text();
        if (reserved.contains(holder.claimed())) {
            problems.add(
                    where,
                    held + " is kept for service " + holder.service() + ", which asked first",
                    "wait until that is given up or back, or publish service "
                            + loser
                            + " on another port or address");
        } else if (holder.service().equals(loser)) {
            problems.add(
                    where,
                    "the same service already publishes " + held + ", which overlaps",
                    "publish each port once");
        } else if (names(ask, holder)) {
            problems.add(
                    where,
                    held + " is claimed by service " + holder.service(),
                    "give service %s another sameport.tls.sni, or stop service %s"
                            .formatted(loser, holder.service()));
        } else {
            problems.add(where, claimedBy(ask, holder), portFix(loser, holder.service()));
        }
    }

    private static String claimedBy(Ask ask, Claim holder) {
        PublishedPort held = holder.claimed().published();
        return held.equals(ask.asked().published())
                ? "it is claimed by service " + holder.service()
                : "service " + holder.service() + " claims " + held.text() + ", which overlaps";
    }

    private static String portFix(ServiceName loser, ServiceName holder) {
        return "publish service %s on another port or address, or stop service %s"
                .formatted(loser, holder);
    }

    private static void put(
            Map<String, List<Claim>> bySocket, Claimable claimed, ServiceName service) {
        bySocket.computeIfAbsent(socket(claimed), _ -> new ArrayList<>())
                .add(new Claim(claimed, service));
    }

    private static List<Claim> at(Map<String, List<Claim>> bySocket, Claimable asked) {
        return bySocket.getOrDefault(socket(asked), List.of());
    }

    private static String socket(Claimable claimed) {
        PublishedPort published = claimed.published();
        return published.port() + "/" + published.protocol();
    }
}
