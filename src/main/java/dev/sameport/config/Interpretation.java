package dev.sameport.config;

import dev.sameport.model.Claims;
import dev.sameport.model.Problem;
import dev.sameport.model.ServiceSpec;
import java.util.List;

/// What a set of observations asks for.
///
/// @param services sorted by name; those that hold no published port are left out
/// @param claims the ones that hold now: exactly the published ports of `services`
/// @param problems sorted, each once
/// @param stranded who has to be restarted, sorted
public record Interpretation(
        List<ServiceSpec> services,
        Claims claims,
        List<Problem> problems,
        List<Stranded> stranded) {
    public Interpretation {
        stranded = List.copyOf(stranded);
        services = List.copyOf(services);
        problems = List.copyOf(problems);
    }
}
