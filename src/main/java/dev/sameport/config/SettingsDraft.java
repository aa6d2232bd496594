package dev.sameport.config;

import dev.sameport.model.Affinity;
import dev.sameport.model.Balance;
import dev.sameport.model.HealthPolicy;
import dev.sameport.model.Mapping;
import dev.sameport.model.Mode;
import dev.sameport.model.Policies;
import dev.sameport.model.Protocol;
import dev.sameport.model.ServiceName;
import dev.sameport.model.Weight;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Settings while they are read, label by label; begins with the defaults. Confined to one reading.
final class SettingsDraft {
    List<Mapping> publish = List.of();
    @Nullable ServiceName service;
    @Nullable String network;
    Settings.Application application = Settings.Application.TCP;
    Weight weight = Weight.ONE;
    Mode mode = Policies.DEFAULT.mode();
    Balance balance = Policies.DEFAULT.balance();
    Affinity affinity = Policies.DEFAULT.affinity();
    Duration hold = Policies.DEFAULT.hold();
    Duration drain = Policies.DEFAULT.drain();
    boolean strict = HealthPolicy.DEFAULT.strict();
    int healthPort = HealthPolicy.DEFAULT.port();
    Duration interval = HealthPolicy.DEFAULT.interval();
    Duration timeout = HealthPolicy.DEFAULT.timeout();
    int rise = HealthPolicy.DEFAULT.rise();
    int fall = HealthPolicy.DEFAULT.fall();
    @Nullable String healthPath;
    @Nullable String healthStatus;
    boolean restart = true;
    @Nullable String sandbox;

    /// The settings that this build can serve: what it can't is left out or set back.
    Settings settings() {
        HealthPolicy health = new HealthPolicy(strict, healthPort, interval, timeout, rise, fall);
        return new Settings(
                publish.stream()
                        .filter(mapping -> mapping.published().protocol() == Protocol.TCP)
                        .toList(),
                service,
                network,
                application,
                weight,
                new Policies(mode, balance, affinity, hold, drain, health),
                healthPath,
                healthStatus,
                restart,
                sandbox);
    }
}
