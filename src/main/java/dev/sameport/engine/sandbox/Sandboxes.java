package dev.sameport.engine.sandbox;

import dev.sameport.config.SameportLabels;
import dev.sameport.engine.Container;
import dev.sameport.engine.EngineClient;
import dev.sameport.engine.EngineException;
import dev.sameport.engine.EngineUnreachableException;
import dev.sameport.engine.EngineVersion;
import dev.sameport.engine.Network;
import dev.sameport.engine.NewContainer;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The sandboxes of one engine. They are kept nowhere else: a sandbox is a container called
/// `sameport-NAME` with the label `sameport.sandbox=NAME`.
public final class Sandboxes {
    private final EngineClient engine;
    private final EngineVersion version;

    /// @param version what `engine.negotiate` said
    public Sandboxes(EngineClient engine, EngineVersion version) {
        this.engine = engine;
        this.version = version;
    }

    /// Which engine, for people.
    public String where() {
        return version.kind() + " at " + engine.socket();
    }

    /// The engine's own command, for examples: `docker` or `podman`.
    public String command() {
        return switch (version.kind()) {
            case DOCKER -> "docker";
            case PODMAN -> "podman";
        };
    }

    /// Makes a sandbox and starts it; where that fails, nothing of it is left, or the message names
    /// what is.
    ///
    /// @throws EngineException when the name is taken, the image or network is not there, or the
    ///   engine refuses
    public Sandbox create(SandboxOrder order) {
        String container = Sandbox.CONTAINER_PREFIX + order.name();
        refuseTaken(order.name(), container);
        refuseNetwork(order.network());
        String image = order.image().isEmpty() ? PauseImage.NAME : order.image();
        if (order.image().isEmpty()) {
            PauseImages.ensure(engine);
        } else if (!engine.hasImage(image)) {
            throw new EngineException(
                    "%s has no image '%s'; get it first with `%s pull %s`"
                            .formatted(where(), image, command(), image));
        }
        Map<String, String> labels = new HashMap<>(order.labels());
        labels.put(SameportLabels.SANDBOX, order.name());
        String id =
                make(
                        order.name(),
                        new NewContainer(container, image, labels, order.network(), restart()));
        return started(order.name(), container, id);
    }

    /// Docker brings back what ran when it stopped; Podman's service for it, `podman-restart`, only
    /// what is to run always.
    private String restart() {
        return switch (version.kind()) {
            case DOCKER -> "unless-stopped";
            case PODMAN -> "always";
        };
    }

    private String make(String name, NewContainer container) {
        try {
            return engine.create(container);
        } catch (EngineUnreachableException e) {
            throw new EngineException(
                    e.getMessage()
                            + "; whether container "
                            + container.name()
                            + " was made is not known: see `sameport sandbox ls` when the engine is back",
                    e);
        } catch (EngineException e) {
            if (e.nameTaken()) {
                refuseTaken(name, container.name());
            }
            throw e;
        }
    }

    private Sandbox started(String name, String container, String id) {
        try {
            engine.start(id);
            Container made = engine.inspect(id);
            if (!made.status().equals("running")) {
                throw new EngineException(
                        "its container is " + made.status() + ", the image has to run for ever");
            }
            return sandbox(made, List.of());
        } catch (EngineException e) {
            throw new EngineException(
                    "sandbox " + name + " does not start: " + e.getMessage() + undo(container, id),
                    e);
        }
    }

    private String undo(String container, String id) {
        try {
            engine.remove(id);
            return "; nothing of it is left";
        } catch (EngineException e) {
            return "; container "
                    + container
                    + " is left, because it could not be removed: "
                    + e.getMessage();
        }
    }

    private void refuseTaken(String name, String container) {
        Container there = byName(container);
        if (there == null) {
            return;
        }
        String remedy =
                isSandbox(there)
                        ? "remove that sandbox first with `sameport sandbox rm " + name + "`"
                        : "that one is no sandbox, so remove it yourself";
        throw new EngineException(
                "the name is taken: %s has a container %s; %s, or choose another name"
                        .formatted(where(), container, remedy));
    }

    private @Nullable Container byName(String container) {
        try {
            return engine.inspect(container);
        } catch (EngineException e) {
            if (e.notFound()) {
                return null;
            }
            throw e;
        }
    }

    private void refuseNetwork(String name) {
        if (name.isEmpty() || name.equals("bridge")) {
            return;
        }
        try {
            Network network = engine.network(name);
            if (network.internal()) {
                throw new EngineException(
                        "network '%s' of %s is internal: no port is ever published from it; choose another"
                                .formatted(name, where()));
            }
        } catch (EngineException e) {
            if (e.notFound()) {
                throw new EngineException(
                        "%s has no network '%s'; see `%s network ls`"
                                .formatted(where(), name, command()),
                        e);
            }
            throw e;
        }
    }

    /// All of them, by name.
    public List<Sandbox> list() {
        List<Container> containers = new ArrayList<>();
        for (String id : engine.containers()) {
            try {
                containers.add(engine.inspect(id));
            } catch (EngineException e) {
                if (!e.notFound()) {
                    throw e;
                }
            }
        }
        return containers.stream()
                .filter(Sandboxes::isSandbox)
                .map(container -> sandbox(container, containers))
                .sorted(Comparator.comparing(Sandbox::name))
                .toList();
    }

    /// Refuses what `remove` can't do: Podman keeps a container while others share its network.
    ///
    /// @throws EngineException that names the members
    public void checkRemovable(Sandbox sandbox) {
        if (version.kind() == EngineVersion.Kind.PODMAN && !sandbox.members().isEmpty()) {
            String members =
                    sandbox.members().stream()
                            .map(Sandbox.Member::name)
                            .collect(Collectors.joining(" "));
            throw new EngineException(
                    "Podman keeps sandbox %s while containers share its network; remove them first with `podman rm -f %s`"
                            .formatted(sandbox.name(), members));
        }
    }

    /// Stops and removes a sandbox. In Docker its members keep running without a network; see
    /// `checkRemovable` for Podman.
    public void remove(Sandbox sandbox) {
        checkRemovable(sandbox);
        engine.remove(sandbox.id());
    }

    /// Label and name: the label alone may come from an image.
    private static boolean isSandbox(Container container) {
        String name = container.labels().get(SameportLabels.SANDBOX);
        return name != null && container.name().equals(Sandbox.CONTAINER_PREFIX + name);
    }

    private static Sandbox sandbox(Container container, List<Container> all) {
        List<Sandbox.Member> members =
                all.stream()
                        .filter(other -> joins(other, container))
                        .map(member ->
                                new Sandbox.Member(member.name(), member.id(), member.status()))
                        .sorted(Comparator.comparing(Sandbox.Member::name))
                        .toList();
        return new Sandbox(
                container.labels().getOrDefault(SameportLabels.SANDBOX, ""),
                container.name(),
                container.id(),
                container.status(),
                container.image(),
                address(container),
                container.labels(),
                members);
    }

    private static boolean joins(Container other, Container sandbox) {
        String mode = other.networkMode();
        return mode.equals("container:" + sandbox.id())
                || mode.equals("container:" + sandbox.name());
    }

    private static @Nullable InetAddress address(Container container) {
        return container.networks().stream()
                .filter(Container.Attached::hasAddress)
                .flatMap(network ->
                        Stream.ofNullable(network.ipv4() != null ? network.ipv4() : network.ipv6()))
                .findFirst()
                .orElse(null);
    }
}
