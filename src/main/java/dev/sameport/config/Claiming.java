package dev.sameport.config;

import dev.sameport.model.Claims;
import dev.sameport.model.PublishedPort;
import dev.sameport.model.ServiceName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/// Decides which service holds which published port.
///
/// In this order: who has a reserved port, even if it doesn't ask now; who holds a claim to that
/// very port; who holds a claim to one that overlaps it (its address was changed); declared
/// services by name; services by the start of their oldest replica, then its id.
final class Claiming {
    /// A range that conflicts is not told port by port.
    private static final int MAX_TOLD = 5;

    private record Claim(PublishedPort published, ServiceName service) {}

    private record Conflict(ServiceName loser, ServiceName holder) {}

    private record Ask(Candidate candidate, PublishedPort published, int recorded) {}

    private static final Comparator<Ask> ORDER =
            Comparator.comparingInt(Ask::recorded)
                    .thenComparing(ask -> ask.candidate().seniority())
                    .thenComparing(ask -> ask.candidate().name)
                    .thenComparing(Ask::published);

    private final Map<String, List<Claim>> recorded = new HashMap<>();
    private final Map<String, List<Claim>> granted = new HashMap<>();
    private final TreeMap<PublishedPort, ServiceName> holders = new TreeMap<>();
    private final TreeSet<PublishedPort> reserved = new TreeSet<>();
    private final Problems problems;

    private Claiming(Claims claims, Problems problems) {
        claims.holders().forEach((published, service) -> put(recorded, published, service));
        this.problems = problems;
    }

    /// The claims that hold now: each asked-for port at most once, none overlapping another.
    static Claims settle(Collection<Candidate> candidates, Claims claims, Problems problems) {
        Claiming claiming = new Claiming(claims, problems);
        claiming.reserve(claims, candidates);
        List<Ask> asks = new ArrayList<>();
        for (Candidate candidate : candidates) {
            for (PublishedPort published : candidate.asked()) {
                asks.add(new Ask(candidate, published, claiming.rank(candidate.name, published)));
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
        refused.sort(Comparator.comparing(Ask::published));
        claiming.refuse(refused);
        return new Claims(claiming.holders, claiming.reserved);
    }

    /// A holder that is there again speaks for itself: it may ask for another address of that port.
    private void reserve(Claims claims, Collection<Candidate> candidates) {
        claims.holders()
                .forEach((published, holder) -> {
                    boolean back =
                            candidates.stream()
                                    .filter(candidate -> candidate.name.equals(holder))
                                    .flatMap(candidate -> candidate.asked().stream())
                                    .anyMatch(published::overlaps);
                    if (claims.reserved().contains(published) && !back) {
                        holders.put(published, holder);
                        put(granted, published, holder);
                        reserved.add(published);
                    }
                });
    }

    private int rank(ServiceName name, PublishedPort published) {
        int rank = 2;
        for (Claim claim : at(recorded, published)) {
            if (claim.service().equals(name) && claim.published().overlaps(published)) {
                rank = Math.min(rank, claim.published().equals(published) ? 0 : 1);
            }
        }
        return rank;
    }

    private boolean grant(Ask ask) {
        if (!overlapping(ask.published()).isEmpty()) {
            return false;
        }
        holders.put(ask.published(), ask.candidate().name);
        put(granted, ask.published(), ask.candidate().name);
        return true;
    }

    private List<Claim> overlapping(PublishedPort published) {
        return at(granted, published).stream()
                .filter(claim -> claim.published().overlaps(published))
                .sorted(Comparator.comparing(Claim::published))
                .toList();
    }

    private void refuse(List<Ask> refused) {
        Map<Conflict, Integer> told = new HashMap<>();
        for (Ask ask : refused) {
            Claim holder = overlapping(ask.published()).getFirst();
            int count =
                    told.merge(
                            new Conflict(ask.candidate().name, holder.service()), 1, Integer::sum);
            if (count <= MAX_TOLD) {
                refuse(ask, holder);
            }
        }
        told.forEach((conflict, count) -> refuseMore(conflict, count - MAX_TOLD));
    }

    private void refuseMore(Conflict conflict, int count) {
        if (count > 0) {
            problems.add(
                    "service " + conflict.loser(),
                    count + " more of its ports are claimed by service " + conflict.holder(),
                    "publish service " + conflict.loser() + " on other ports");
        }
    }

    private void refuse(Ask ask, Claim holder) {
        String where = "service " + ask.candidate().name + " port " + ask.published().text();
        String held = holder.published().text();
        if (reserved.contains(holder.published())) {
            problems.add(
                    where,
                    held + " is kept for service " + holder.service() + ", which asked first",
                    "wait until that is given up or back, or publish service "
                            + ask.candidate().name
                            + " on another port or address");
        } else if (holder.service().equals(ask.candidate().name)) {
            problems.add(
                    where,
                    "the same service already publishes " + held + ", which overlaps",
                    "publish each port once");
        } else {
            problems.add(
                    where,
                    held.equals(ask.published().text())
                            ? "it is claimed by service " + holder.service()
                            : "service "
                                    + holder.service()
                                    + " claims "
                                    + held
                                    + ", which overlaps",
                    "publish service "
                            + ask.candidate().name
                            + " on another port or address, or stop service "
                            + holder.service());
        }
    }

    private static void put(
            Map<String, List<Claim>> bySocket, PublishedPort published, ServiceName service) {
        bySocket.computeIfAbsent(socket(published), _ -> new ArrayList<>())
                .add(new Claim(published, service));
    }

    private static List<Claim> at(Map<String, List<Claim>> bySocket, PublishedPort published) {
        return bySocket.getOrDefault(socket(published), List.of());
    }

    private static String socket(PublishedPort published) {
        return published.port() + "/" + published.protocol();
    }
}
