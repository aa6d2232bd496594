package dev.sameport.daemon;

import dev.sameport.linux.LinuxException;
import dev.sameport.linux.NftablesException;
import dev.sameport.linux.NftablesUnavailableException;
import dev.sameport.linux.ThreadPriority;
import dev.sameport.model.Attachment;
import dev.sameport.model.EndpointAddresses;
import dev.sameport.model.EndpointId;
import dev.sameport.model.EndpointSpec;
import dev.sameport.model.Labels;
import dev.sameport.model.Policies;
import dev.sameport.model.PortSpec;
import dev.sameport.model.PublishedPort;
import dev.sameport.model.Reach;
import dev.sameport.model.Replica;
import dev.sameport.model.ReplicaId;
import dev.sameport.model.ServiceName;
import dev.sameport.model.ServiceSpec;
import dev.sameport.model.StopPolicy;
import dev.sameport.model.Weight;
import dev.sameport.plane.nat.NatOptions;
import dev.sameport.plane.nat.NatRehearsal;
import dev.sameport.reconcile.Rehearsal;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/// Plays deaths on a made-up service, after all other work of the machine, until the code is
/// compiled that a real death takes: interpreted it needs most of the time that there is.
final class WarmUp {
    /// The compilers take notice of a method after about a thousand calls (with the launcher's
    /// flags); most are called several times in a round.
    private static final int ROUNDS = 600;

    private WarmUp() {}

    /// Goes on in the background until it is done or the process ends.
    static void start(NatOptions options, Log log) {
        Thread.ofPlatform().daemon().name("warm-up").start(() -> play(options, ROUNDS, log));
    }

    static void play(NatOptions options, int rounds, Log log) {
        boolean _ = ThreadPriority.lower();
        long began = System.nanoTime();
        List<ServiceSpec> services = List.of(service());
        try (NatRehearsal nat = NatRehearsal.open(options)) {
            for (int i = 0; i < rounds; i++) {
                Rehearsal.play(services, nat::apply);
                nat.tryOut(addresses(1));
            }
            log.debug("warm", "after_ms", (System.nanoTime() - began) / 1_000_000);
        } catch (LinuxException | NftablesException | NftablesUnavailableException e) {
            // All goes on, only slower for a while.
            log.debug("warm-up-failed", "reason", String.valueOf(e.getMessage()));
        }
    }

    private static ServiceSpec service() {
        return new ServiceSpec(
                new ServiceName("warm-up"),
                List.of(
                        new PortSpec(
                                PublishedPort.tcp(80),
                                IntStream.rangeClosed(1, 3).mapToObj(WarmUp::endpoint).toList())),
                Policies.DEFAULT,
                false);
    }

    private static EndpointAddresses addresses(int number) {
        Inet4Address address = (Inet4Address) InetAddress.ofLiteral("198.18.0." + number);
        return new EndpointAddresses(address, null, 8080);
    }

    private static EndpointSpec endpoint(int number) {
        EndpointAddresses addresses = addresses(number);
        Reach reach = new Reach.OnBridge("warm-up");
        Replica replica =
                new Replica(
                        new ReplicaId("warm-up", "replica" + number),
                        "warm-up-" + number,
                        "app",
                        Labels.NONE,
                        Labels.NONE,
                        Replica.State.RUNNING,
                        Replica.Health.NONE,
                        List.of(
                                new Attachment(
                                        "bridge", addresses.ipv4(), null, true, false, reach)),
                        false,
                        List.of(),
                        OptionalInt.empty(),
                        Instant.EPOCH,
                        StopPolicy.DEFAULT);
        return new EndpointSpec(
                new EndpointId(replica.id(), 8080),
                replica.name(),
                addresses,
                reach,
                new Weight(1),
                replica);
    }
}
