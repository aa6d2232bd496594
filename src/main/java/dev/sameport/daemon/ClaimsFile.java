package dev.sameport.daemon;

import dev.sameport.model.Claims;
import dev.sameport.model.PublishedPort;
import dev.sameport.model.ServiceName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/// Which service holds which port, over restarts and reboots: one line each, `80/tcp shop_web`, so
/// that a person can read and mend it.
public final class ClaimsFile {
    private final Path file;
    private final Function<String, PublishedPort> ports;

    /// @param ports reads `PublishedPort.text()` back; throws `IllegalArgumentException`
    public ClaimsFile(Path file, Function<String, PublishedPort> ports) {
        this.file = file;
        this.ports = ports;
    }

    /// The claims that were kept; a line that can't be read is passed over, because who asks next
    /// will claim anew.
    public Claims read(java.util.function.Consumer<String> unreadable) {
        SortedMap<PublishedPort, ServiceName> holders = new TreeMap<>();
        try {
            for (String line : Files.readAllLines(file)) {
                readLine(line, holders, unreadable);
            }
        } catch (NoSuchFileException _) {
            return Claims.NONE;
        } catch (IOException e) {
            unreadable.accept(e.toString());
        }
        return new Claims(holders);
    }

    private void readLine(
            String line,
            SortedMap<PublishedPort, ServiceName> holders,
            java.util.function.Consumer<String> unreadable) {
        int space = line.indexOf(' ');
        try {
            holders.put(
                    ports.apply(line.substring(0, Math.max(space, 0))),
                    new ServiceName(line.substring(space + 1)));
        } catch (IllegalArgumentException e) {
            unreadable.accept(line + ": " + e.getMessage());
        }
    }

    /// Replaces the file in one step.
    public void write(Claims claims) {
        StringBuilder text = new StringBuilder();
        claims.holders()
                .forEach((port, service) ->
                        text.append(port.text()).append(' ').append(service).append('\n'));
        try {
            Path temporary = file.resolveSibling(file.getFileName() + ".new");
            Files.writeString(temporary, text);
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("can't write " + file, e);
        }
    }
}
