package dev.sameport.plane.nat.forward;

import dev.sameport.linux.CommandException;
import dev.sameport.linux.Iptables;
import dev.sameport.linux.Nftables;
import dev.sameport.model.Problem;
import dev.sameport.plane.nat.NatOptions;
import dev.sameport.plane.nat.forward.ForwardState.Filter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Looks at what stands between the host and its containers, and makes nothing by looking.
final class Inspection {
    private static final String FILTER = "filter";

    private final Nftables nft;
    private final NatOptions options;
    private final List<Iptables> programs;
    private final Path firewalld;

    /// @param firewalld the configuration file of firewalld, which need not exist
    Inspection(Nftables nft, NatOptions options, List<Iptables> programs, Path firewalld) {
        this.nft = nft;
        this.options = options;
        this.programs = List.copyOf(programs);
        this.firewalld = firewalld;
    }

    ForwardState inspect() {
        NftRules all = NftRules.read(nft, "list chains");
        List<Filter> filters = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        for (Iptables program : programs) {
            if (isPresent(program, all)) {
                read(program, filters, problems);
            }
        }
        List<DockerBridges.Verdict> verdicts = docker(all);
        if (verdicts.contains(DockerBridges.Verdict.DROPS)) {
            problems.add(DockerBridges.problem(options));
        }
        foreign(all, filters, problems);
        if (isStrict(all)) {
            problems.add(
                    new Problem(
                            "firewalld",
                            "StrictForwardPorts=yes drops connections that others rewrite, so the listener serves",
                            "set StrictForwardPorts=no in " + firewalld + " and reload firewalld"));
        }
        return new ForwardState(
                filters, verdicts.contains(DockerBridges.Verdict.BY_MARK), problems);
    }

    /// Whether there is something to look at: a table of nftables without such a chain isn't
    /// iptables', or has nothing to say of what is forwarded.
    private boolean isPresent(Iptables program, NftRules all) {
        return program.onNftables()
                ? all.chains().stream()
                        .anyMatch(chain ->
                                chain.table().equals(program.family() + " " + FILTER)
                                        && chain.name().equals(FilterTable.FORWARD))
                : program.hasTable(FILTER, () -> nft);
    }

    private static void read(Iptables program, List<Filter> filters, List<Problem> problems) {
        try {
            filters.add(new Filter(program.name(), FilterTable.parse(program.rules(FILTER))));
        } catch (CommandException e) {
            problems.add(
                    new Problem(
                            program.name(),
                            "its filter table can't be read: " + e.errors().strip(),
                            "see what `" + program.name() + " -S` says"));
        }
    }

    private List<DockerBridges.Verdict> docker(NftRules all) {
        return List.of("ip " + DockerBridges.TABLE, "ip6 " + DockerBridges.TABLE).stream()
                .filter(table ->
                        all.chains().stream().anyMatch(chain -> chain.table().equals(table)))
                .map(table ->
                        DockerBridges.verdict(NftRules.read(nft, "list table " + table), options))
                .toList();
    }

    private void foreign(NftRules all, List<Filter> filters, List<Problem> problems) {
        List<String> read = filters.stream().map(Filter::program).toList();
        List<String> tables =
                programs.stream()
                        .filter(program -> program.onNftables() && read.contains(program.name()))
                        .map(program -> program.family() + " " + FILTER)
                        .toList();
        all.chains().stream()
                .filter(chain -> ForeignForward.isSuspect(chain, tables))
                .filter(chain ->
                        !ForeignForward.letsThrough(
                                NftRules.read(nft, "list chain " + chain.title())
                                        .rules(chain.name())))
                .map(chain -> ForeignForward.problem(chain, options))
                .forEach(problems::add);
    }

    private boolean isStrict(NftRules all) {
        boolean runs =
                all.chains().stream().anyMatch(chain -> chain.table().equals("inet firewalld"));
        try {
            return runs
                    && Files.readAllLines(firewalld).stream()
                            .map(String::strip)
                            .anyMatch("StrictForwardPorts=yes"::equalsIgnoreCase);
        } catch (IOException _) {
            return false; // Without the file, the default holds, which is no.
        }
    }

    /// What would be different if somebody changed the rules, cheaply: the text of the chains that
    /// matter, without counters. No process is started but for legacy tables.
    String fingerprint() {
        StringBuilder text = new StringBuilder(nft.listText("list chains"));
        NftRules all = NftRules.read(nft, "list chains");
        for (Iptables program : programs) {
            if (isPresent(program, all)) {
                text.append(program.name()).append('\n');
                text.append(
                        program.onNftables()
                                ? chainsOf(program, all)
                                : String.join("\n", program.rules(FILTER)));
            }
        }
        return text.toString().replaceAll("counter packets [0-9]+ bytes [0-9]+", "counter");
    }

    /// Where Docker's own chain is, only it and FORWARD matter; else whatever FORWARD leads to.
    private String chainsOf(Iptables program, NftRules all) {
        String table = program.family() + " " + FILTER;
        boolean docker =
                all.chains().stream()
                        .anyMatch(chain ->
                                chain.table().equals(table)
                                        && chain.name().equals(FilterTable.DOCKER_USER));
        return docker
                ? nft.listText("list chain " + table + " " + FilterTable.FORWARD)
                        + nft.listText("list chain " + table + " " + FilterTable.DOCKER_USER)
                : nft.listText("list table " + table);
    }
}
