package dev.sameport.provider.declared;

import dev.sameport.model.Declaration;
import dev.sameport.model.Problem;
import dev.sameport.model.ProviderStatus;
import dev.sameport.model.ServiceName;
import dev.sameport.provider.Observation;
import dev.sameport.provider.Provider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The provider of declared services. A change is on disk before it is seen.
public final class DeclaredServices implements Provider {
    private final Path file;
    private final Object lock = new Object();
    // guarded by lock
    private final TreeMap<ServiceName, Declaration> declarations = new TreeMap<>();
    private @Nullable Listener listener;
    // written by the constructor only
    private final @Nullable Problem unreadable;

    /// Reads `file`; one that can't be read is left as it is and reported as a problem.
    public DeclaredServices(Path file) {
        this.file = file;
        Problem problem = null;
        try {
            for (Declaration declaration :
                    DeclarationFile.read("publish", Files.readString(file))) {
                declarations.put(declaration.name(), declaration);
            }
        } catch (NoSuchFileException _) {
            // Nothing was ever published.
        } catch (IOException | IllegalArgumentException e) {
            problem =
                    new Problem(
                            "file " + file,
                            "can't be read: " + e.getMessage(),
                            "mend it or move it away, then restart the daemon");
        }
        this.unreadable = problem;
    }

    /// Adds a service, or replaces the one of that name.
    public void put(Declaration declaration) {
        synchronized (lock) {
            refuseIfUnreadable();
            TreeMap<ServiceName, Declaration> next = new TreeMap<>(declarations);
            next.put(declaration.name(), declaration);
            keep(next);
        }
        poke();
    }

    /// Takes a service away; false if there is none of that name.
    public boolean remove(ServiceName name) {
        synchronized (lock) {
            refuseIfUnreadable();
            TreeMap<ServiceName, Declaration> next = new TreeMap<>(declarations);
            if (next.remove(name) == null) {
                return false;
            }
            keep(next);
        }
        poke();
        return true;
    }

    /// What is declared now, sorted by name.
    public List<Declaration> declarations() {
        synchronized (lock) {
            return List.copyOf(declarations.values());
        }
    }

    private void refuseIfUnreadable() {
        if (unreadable != null) {
            throw new IllegalStateException(unreadable.toString());
        }
    }

    private void keep(SortedMap<ServiceName, Declaration> next) {
        try {
            Path temporary = file.resolveSibling(file.getFileName() + ".new");
            Files.writeString(temporary, DeclarationFile.write(List.copyOf(next.values())));
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("can't write " + file, e);
        }
        declarations.clear();
        declarations.putAll(next);
    }

    private void poke() {
        Listener current;
        synchronized (lock) {
            current = listener;
        }
        if (current != null) {
            current.changed();
        }
    }

    @Override
    public String name() {
        return "publish";
    }

    @Override
    public void start(Listener listener) {
        synchronized (lock) {
            this.listener = listener;
        }
    }

    @Override
    public Observation observe() {
        return unreadable == null
                ? new Observation.Complete(name(), List.of(), declarations())
                : new Observation.Failed(name(), unreadable);
    }

    @Override
    public boolean looked() {
        return true;
    }

    @Override
    public ProviderStatus status() {
        return new ProviderStatus(name(), file.toString(), declarations().size(), unreadable);
    }

    @Override
    public void close() {}
}
