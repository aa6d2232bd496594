package dev.sameport.daemon;

import dev.sameport.admin.Check;
import dev.sameport.admin.Check.Outcome;
import dev.sameport.linux.LinuxException;
import dev.sameport.linux.Sysctl;
import dev.sameport.model.Problem;
import dev.sameport.model.ProviderStatus;
import dev.sameport.plane.Support;
import dev.sameport.provider.Provider;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// What `sameport doctor` looks at.
final class Doctor implements Supplier<List<Check>> {
    private final List<Support> planes;
    private final List<Provider> providers;
    private final Supplier<List<Problem>> firewall;

    /// @param firewall what stands in the way of forwarded connections
    Doctor(List<Support> planes, List<Provider> providers, Supplier<List<Problem>> firewall) {
        this.planes = List.copyOf(planes);
        this.providers = List.copyOf(providers);
        this.firewall = firewall;
    }

    @Override
    public List<Check> get() {
        List<Check> checks = new ArrayList<>();
        planes.forEach(support -> checks.add(check(support)));
        providers.forEach(provider -> checks.add(check(provider.status())));
        checks.add(forwarding("IPv4", "net.ipv4.ip_forward"));
        checks.add(forwarding("IPv6", "net.ipv6.conf.all.forwarding"));
        firewall.get().forEach(problem -> checks.add(failed(problem)));
        return checks;
    }

    private static Check check(Support support) {
        Problem problem = support.problem();
        String name = "plane " + support.plane();
        return problem == null
                ? new Check(name, Outcome.OK, support.detail(), "")
                : new Check(name, Outcome.WARN, problem.what(), problem.fix());
    }

    private static Check check(ProviderStatus status) {
        Problem problem = status.problem();
        String name = "provider " + status.name();
        return problem == null
                ? new Check(
                        name,
                        Outcome.OK,
                        status.detail() + ", " + status.replicas() + " replicas",
                        "")
                : new Check(name, Outcome.FAIL, problem.what(), problem.fix());
    }

    private static Check forwarding(String family, String sysctl) {
        String name = family + " forwarding";
        try {
            boolean on = Sysctl.read(sysctl).orElse("0").equals("1");
            return on
                    ? new Check(name, Outcome.OK, "on", "")
                    : new Check(
                            name,
                            Outcome.WARN,
                            "off: external connections go through the listener and lose the client's address",
                            "set " + sysctl + "=1 (engines do that themselves)");
        } catch (LinuxException e) {
            return new Check(
                    name,
                    Outcome.WARN,
                    "can't be read: " + e.getMessage(),
                    "run the daemon as root");
        }
    }

    private static Check failed(Problem problem) {
        return new Check(problem.where(), Outcome.WARN, problem.what(), problem.fix());
    }
}
