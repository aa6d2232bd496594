package dev.sameport.config;

import dev.sameport.model.Mapping;
import dev.sameport.model.Policies;
import dev.sameport.model.ServiceName;
import dev.sameport.model.Weight;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What one set of labels says, with the defaults filled in.
///
/// @param publish what can be served, in the order of the text; empty where nothing is published
/// @param service the name that it asks for, or null
/// @param network the network to reach it by, or null for that of its default route
/// @param application what is spoken on the port
/// @param weight the share of new connections
/// @param policies everything that holds for the whole service
/// @param serverNames the names by which TLS clients reach the service on ports that others may
///   share, sorted; empty where its ports are its own
/// @param restart whether replicas left in a dead sandbox are restarted
/// @param sandbox the name of the sandbox that its container is, or null
public record Settings(
        List<Mapping> publish,
        @Nullable ServiceName service,
        @Nullable String network,
        Application application,
        Weight weight,
        Policies policies,
        List<String> serverNames,
        boolean restart,
        @Nullable String sandbox) {

    /// The server name that stands for those that no other service names, and for none.
    public static final String EVERY_OTHER_NAME = "*";

    /// `sameport.protocol`: what is spoken on the port.
    public enum Application {
        TCP,
        HTTP
    }

    public Settings {
        publish = List.copyOf(publish);
        serverNames = List.copyOf(serverNames);
    }
}
