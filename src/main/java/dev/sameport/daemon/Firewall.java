package dev.sameport.daemon;

import dev.sameport.journal.Entry;
import dev.sameport.journal.Journal;
import dev.sameport.linux.CommandException;
import dev.sameport.linux.LinuxException;
import dev.sameport.linux.Nftables;
import dev.sameport.linux.NftablesException;
import dev.sameport.model.Problem;
import dev.sameport.plane.nat.NatOptions;
import dev.sameport.plane.nat.forward.ForwardAccept;
import dev.sameport.plane.nat.forward.Forwarding;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.BooleanSupplier;

/// The host's own firewall and forwarding, as far as rewritten connections need something of them.
final class Firewall {
    private final ForwardAccept accept;
    private final Forwarding forwarding;
    private final NatOptions options;
    private final Log log;
    // guarded by this
    private String failure = "";
    private boolean dropsOthers;

    Firewall(Nftables nft, Journal journal, NatOptions options, Log log) {
        this.accept = new ForwardAccept(nft, journal, options);
        this.forwarding = new Forwarding(nft, journal, options);
        this.options = options;
        this.log = log;
        this.dropsOthers = journal.entries().contains(new Entry.Table(Forwarding.TABLE));
    }

    /// With the mark copied to packets where an engine accepts by it.
    NatOptions natOptions() {
        return new NatOptions(
                options.mark(), options.mask(), options.keepRulesFor(), accept.copyMarkToPackets());
    }

    List<Problem> problems() {
        return accept.problems();
    }

    /// Puts the accept rule where it belongs; returns whether something was changed.
    synchronized boolean ensure() {
        try {
            List<String> changes = accept.apply();
            changes.forEach(change -> log.info("firewall-changed", "command", change));
            failure = "";
            return !changes.isEmpty();
        } catch (CommandException | NftablesException | UncheckedIOException e) {
            failed(e);
            return false;
        }
    }

    /// Logged when it begins, not each second.
    private void failed(RuntimeException e) {
        String reason = String.valueOf(e.getMessage());
        if (!reason.equals(failure)) {
            log.warn("firewall-not-changed", "reason", reason);
        }
        failure = reason;
    }

    /// Looks again; rewritten connections may arrive now, or no more.
    void look(BooleanSupplier engineRuns, Runnable changed) {
        leaveToEngine(engineRuns);
        if (ensure()) {
            changed.run();
        }
    }

    private synchronized void leaveToEngine(BooleanSupplier engineRuns) {
        if (!dropsOthers) {
            return;
        }
        try {
            if (engineRuns.getAsBoolean()) {
                forwarding.leaveToEngine();
                dropsOthers = false;
            } else if (forwarding.repair()) {
                log.info("firewall-changed", "command", "table " + Forwarding.TABLE);
            }
        } catch (NftablesException | LinuxException | UncheckedIOException e) {
            failed(e);
        }
    }

    synchronized void forward() {
        try {
            List<Problem> problems = forwarding.on();
            problems.forEach(
                    problem -> log.warn("forwarding-not-on", "reason", problem.toString()));
            dropsOthers = problems.isEmpty();
        } catch (LinuxException | NftablesException e) {
            log.warn("forwarding-not-on", "reason", String.valueOf(e.getMessage()));
        }
    }
}
