package dev.sameport.plane.reuseport;

import dev.sameport.linux.BorrowedSocket;
import dev.sameport.linux.BpfFileSystem;
import dev.sameport.linux.LinuxException;
import dev.sameport.linux.ListeningSocket;
import dev.sameport.linux.NetworkNamespace;
import dev.sameport.linux.SocketDiagnostics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What a daemon of this plane leaves behind, and how it goes without one.
public final class Remains {
    private static final Path PROCESSES = Path.of("/proc");

    private Remains() {}

    static Path bpf(Path runDirectory) {
        return runDirectory.resolve("bpf");
    }

    static Path notes(Path runDirectory) {
        return runDirectory.resolve("reuseport");
    }

    static void unmount(Path folder) {
        if (BpfFileSystem.isOne(folder)) {
            BpfFileSystem.unmount(folder);
        }
        try {
            Files.deleteIfExists(folder);
        } catch (IOException failure) {
            throw new UncheckedIOException("can't remove " + folder, failure);
        }
    }

    /// Removes it all: programs, maps, pins, the file system they are in, the setting in the
    /// namespaces that are still there. Says for a person what went; empty where there was nothing.
    ///
    /// @throws LinuxException when something could not be removed
    public static List<String> remove(Path runDirectory) {
        Path folder = bpf(runDirectory);
        boolean programs = BpfFileSystem.isOne(folder);
        if (!programs && !Files.isDirectory(notes(runDirectory))) {
            return List.of();
        }
        Map<Long, NetworkNamespace> namespaces = namespaces();
        try {
            settings(runDirectory, namespaces);
            if (programs) {
                for (Path group : groups(folder)) {
                    release(group, namespaces);
                    Group.remove(group);
                }
            }
        } finally {
            namespaces.values().forEach(NetworkNamespace::close);
        }
        if (!programs) {
            return List.of();
        }
        Hook.remove(folder);
        unmount(folder);
        return List.of("The programs that shared ports are gone.");
    }

    private static List<Path> groups(Path folder) {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder, "*-*-*")) {
            List<Path> groups = new ArrayList<>();
            all.forEach(groups::add);
            return groups;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// Sockets keep the program that chooses among them until they close: it is taken off.
    private static void release(Path group, Map<Long, NetworkNamespace> namespaces) {
        String[] words = group.getFileName().toString().split("-");
        NetworkNamespace namespace = namespaces.get(Long.parseUnsignedLong(words[0]));
        if (namespace == null) {
            return; // Its sockets went with it.
        }
        List<ListeningSocket> sockets =
                namespace.call(() -> {
                    try (SocketDiagnostics diagnostics = SocketDiagnostics.open()) {
                        return diagnostics.listeningOn(Integer.parseInt(words[1]));
                    }
                });
        for (ListeningSocket socket : sockets) {
            SocketDiagnostics.ownerOf(socket.inode())
                    .flatMap(owner -> BorrowedSocket.of(owner.pid(), socket.inode()))
                    .ifPresent(borrowed -> {
                        try (borrowed) {
                            borrowed.unchoose();
                        }
                    });
        }
    }

    private static void settings(Path runDirectory, Map<Long, NetworkNamespace> namespaces) {
        MigratedRequests requests = new MigratedRequests(notes(runDirectory));
        namespaces.forEach((cookie, namespace) -> requests.end(namespace, cookie));
    }

    /// Every network namespace that a process is in, by its cookie.
    private static Map<Long, NetworkNamespace> namespaces() {
        Map<Long, NetworkNamespace> found = new HashMap<>();
        Set<Long> known = new HashSet<>();
        try (DirectoryStream<Path> processes =
                Files.newDirectoryStream(PROCESSES, Remains::isProcess)) {
            for (Path process : processes) {
                add(Integer.parseInt(process.getFileName().toString()), known, found);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return found;
    }

    private static void add(int pid, Set<Long> known, Map<Long, NetworkNamespace> found) {
        try {
            if (known.add(NetworkNamespace.inodeOfProcess(pid))) {
                NetworkNamespace namespace = NetworkNamespace.ofProcess(pid);
                found.put(namespace.cookie(), namespace);
            }
        } catch (LinuxException _) {
            // It ended meanwhile.
        }
    }

    private static boolean isProcess(Path path) {
        return path.getFileName().toString().chars().allMatch(Character::isDigit);
    }
}
