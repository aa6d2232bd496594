package dev.sameport.plane.nat;

import dev.sameport.linux.CommandException;
import dev.sameport.linux.LinuxException;
import dev.sameport.linux.NetworkNamespace;
import dev.sameport.linux.NftablesException;
import dev.sameport.model.EndpointId;
import dev.sameport.model.EndpointSpec;
import dev.sameport.model.Family;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Tries, one after the other, whether rewritten connections reach endpoints, and remembers the
/// last result of each. Any thread may call; trials block.
final class Trials implements AutoCloseable {
    private final NetworkNamespace host;
    private final Table table;
    private final Map<EndpointId, TrialResult> results = new ConcurrentHashMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    // guarded by lock
    private @Nullable TrialNamespace namespace;
    private boolean closed;

    Trials(NetworkNamespace host, Table table) {
        this.host = host;
        this.table = table;
    }

    Map<EndpointId, TrialResult> results() {
        return Map.copyOf(results);
    }

    void forget(EndpointId endpoint) {
        results.remove(endpoint);
    }

    /// Makes ready for the first trial, which would have to wait for it otherwise.
    void prepare() {
        lock.lock();
        try {
            if (!closed) {
                var _ = namespace();
            }
        } catch (CommandException | LinuxException _) {
            // The trial will find out, and tell.
        } finally {
            lock.unlock();
        }
    }

    /// @param timeout for each family
    TrialResult run(EndpointSpec endpoint, Duration timeout) {
        TrialResult result;
        lock.lock();
        try {
            result = guarded(endpoint, timeout);
        } finally {
            lock.unlock();
        }
        results.put(endpoint.id(), result);
        return result;
    }

    private TrialResult guarded(EndpointSpec endpoint, Duration timeout) {
        try {
            if (!table.beginTrial(endpoint.addresses())) {
                return TrialResult.fails("the rules are not loaded yet");
            }
            try {
                return connect(endpoint.addresses().all(), timeout);
            } finally {
                table.endTrial();
            }
        } catch (NftablesException refusal) {
            return TrialResult.fails("nft refused the trial: " + refusal.reason());
        } catch (CommandException | LinuxException refusal) {
            return TrialResult.fails("no trial can be made: " + refusal.getMessage());
        }
    }

    private TrialResult connect(List<InetSocketAddress> addresses, Duration timeout) {
        List<Family> wanted =
                addresses.stream().map(address -> Family.of(address.getAddress())).toList();
        TrialNamespace present = namespace();
        Map<Family, String> failures = connect(present, wanted, timeout);
        if (!failures.isEmpty() && !present.intact()) {
            vanish(); // Someone deleted our interface.
            failures = connect(namespace(), wanted, timeout);
        }
        Set<Family> families = EnumSet.noneOf(Family.class);
        families.addAll(wanted);
        families.removeAll(failures.keySet());
        return new TrialResult(
                families,
                failures.entrySet().stream()
                        .map(failure ->
                                (failure.getKey() == Family.IPV4 ? "IPv4: " : "IPv6: ")
                                        + failure.getValue())
                        .collect(Collectors.joining("; ")));
    }

    /// Over all families at once; those that don't work, and why.
    private static Map<Family, String> connect(
            TrialNamespace present, List<Family> wanted, Duration timeout) {
        Map<Family, CompletableFuture<String>> pending = new EnumMap<>(Family.class);
        wanted.forEach(family -> pending.put(family, present.connect(family, timeout)));
        Map<Family, String> failures = new EnumMap<>(Family.class);
        pending.forEach((family, answer) -> {
            String failure = answer.join();
            if (!failure.isEmpty()) {
                failures.put(family, failure);
            }
        });
        return failures;
    }

    private TrialNamespace namespace() {
        TrialNamespace present = namespace;
        if (present == null) {
            present = TrialNamespace.create(host);
            namespace = present;
        }
        return present;
    }

    private void vanish() {
        TrialNamespace present = namespace;
        namespace = null;
        if (present != null) {
            present.close();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            vanish();
        } finally {
            lock.unlock();
        }
    }
}
