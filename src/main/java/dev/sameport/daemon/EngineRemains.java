package dev.sameport.daemon;

import dev.sameport.engine.EngineClient;
import dev.sameport.engine.EngineException;
import dev.sameport.engine.sandbox.PauseImages;
import dev.sameport.engine.sandbox.Sandbox;
import dev.sameport.engine.sandbox.Sandboxes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// What is in engines because of sandboxes: the containers that `sandbox create` made, and the
/// pause image. Which engines to ask is written in the run directory.
final class EngineRemains {
    private static final String NOTES = "sandbox-engines";

    private final List<Engine> engines = new ArrayList<>();
    private final List<String> silent = new ArrayList<>();

    /// One that answers, with what it has of ours.
    private record Engine(EngineClient client, Sandboxes sandboxes, List<Sandbox> there) {}

    private EngineRemains() {}

    /// Writes down that an engine has to do with sandboxes.
    static void note(Path runDirectory, Path socket) {
        Path notes = runDirectory.resolve(NOTES);
        try {
            if (!noted(runDirectory).contains(socket)) {
                Files.writeString(
                        notes, socket + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException("can't write " + notes, failure);
        }
    }

    /// The sockets of the engines that were written down.
    static Set<Path> noted(Path runDirectory) {
        try {
            return Files.readAllLines(runDirectory.resolve(NOTES)).stream()
                    .filter(line -> line.startsWith("/"))
                    .map(Path::of)
                    .collect(Collectors.toCollection(LinkedHashSet::new));
        } catch (NoSuchFileException _) {
            return Set.of();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// Asks engines what they have.
    ///
    /// @param noted those that have to answer
    /// @param others those that are asked if they are there
    static EngineRemains look(Set<Path> noted, Set<Path> others) {
        EngineRemains remains = new EngineRemains();
        noted.forEach(socket -> remains.look(socket, true));
        others.stream()
                .filter(socket -> !noted.contains(socket) && Files.exists(socket))
                .forEach(socket -> remains.look(socket, false));
        return remains;
    }

    private void look(Path socket, boolean needed) {
        try {
            EngineClient client = new EngineClient(socket);
            Sandboxes sandboxes = new Sandboxes(client, client.negotiate());
            engines.add(new Engine(client, sandboxes, sandboxes.list()));
        } catch (EngineException e) {
            if (needed) {
                silent.add(
                        "Sandboxes may be left, because their engine does not answer: "
                                + e.getMessage()
                                + "; start it and see `sameport sandbox ls`.\n");
            }
        }
    }

    /// Which sandboxes there are, and who loses his network with them; empty where there are none.
    String preview() {
        StringBuilder text = new StringBuilder();
        for (Engine engine : engines) {
            for (Sandbox sandbox : engine.there()) {
                text.append("  ")
                        .append(sandbox.name())
                        .append(" in ")
                        .append(engine.sandboxes().where())
                        .append(members(sandbox))
                        .append('\n');
            }
        }
        return text.isEmpty() ? "" : "These sandboxes are removed:\n" + text;
    }

    private static String members(Sandbox sandbox) {
        String members =
                sandbox.members().stream()
                        .map(Sandbox.Member::name)
                        .collect(Collectors.joining(", "));
        return members.isEmpty() ? "" : ", with the network of " + members;
    }

    /// Removes them, and the image where no container uses it; says what it did.
    ///
    /// @return whether everything could be removed
    boolean remove(StringBuilder done) {
        silent.forEach(done::append);
        boolean all = silent.isEmpty();
        for (Engine engine : engines) {
            for (Sandbox sandbox : engine.there()) {
                all &= remove(engine, sandbox, done);
            }
            removeImage(engine, done);
        }
        return all;
    }

    private static boolean remove(Engine engine, Sandbox sandbox, StringBuilder done) {
        try {
            engine.sandboxes().remove(sandbox);
            done.append("Sandbox ")
                    .append(sandbox.name())
                    .append(" is removed from ")
                    .append(engine.sandboxes().where())
                    .append(".\n");
            return true;
        } catch (EngineException e) {
            done.append("Sandbox ")
                    .append(sandbox.name())
                    .append(" is left: ")
                    .append(e.getMessage())
                    .append('\n');
            return false;
        }
    }

    /// A container of the user's own may run it, as compose's do: then it stays with that.
    private static void removeImage(Engine engine, StringBuilder done) {
        try {
            if (PauseImages.remove(engine.client())) {
                done.append("The image sameport/pause is removed from ")
                        .append(engine.sandboxes().where())
                        .append(".\n");
            }
        } catch (EngineException e) {
            done.append("The image sameport/pause is left: ").append(e.getMessage()).append('\n');
        }
    }
}
