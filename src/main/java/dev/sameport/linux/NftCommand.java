package dev.sameport.linux;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// nftables through the nft command, for machines without the library: some 16 ms per call.
final class NftCommand implements Nftables {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final Path command;
    private final NamespaceThread thread;

    NftCommand(Path command, NetworkNamespace namespace) {
        this.command = command;
        this.thread = NamespaceThread.start("sameport-nft", namespace);
    }

    /// Where to look for nft: `PATH`, then the folders that an ordinary user's `PATH` lacks.
    static List<Path> usualPlaces() {
        String path = System.getenv().getOrDefault("PATH", "");
        return Stream.concat(
                        Arrays.stream(path.split(":")).filter(folder -> folder.startsWith("/")),
                        Stream.of("/usr/sbin", "/sbin"))
                .map(folder -> Path.of(folder, "nft"))
                .distinct()
                .toList();
    }

    @Override
    public void apply(String commands) {
        var _ = run(commands, commands, "-f", "-");
    }

    @Override
    public String list(String command) {
        // Not through -f: with -j, nft would expect JSON there.
        return run(command, "", "-j", "-p", command);
    }

    @Override
    public String listText(String command) {
        return run(command, "", command);
    }

    private String run(String commands, String input, String... arguments) {
        List<String> words = new ArrayList<>();
        words.add(command.toString());
        words.addAll(List.of(arguments));
        try {
            return thread.get(() -> Commands.run(words, input, TIMEOUT).output());
        } catch (CommandException failure) {
            throw new NftablesException(failure.errors().strip(), commands);
        }
    }

    @Override
    public String description() {
        return command.toString();
    }

    @Override
    public void close() {
        thread.close();
    }
}
