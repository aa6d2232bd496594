package dev.sameport.daemon;

import dev.sameport.model.Claimable;
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
/// that a person can read and mend it. A server name on a port that services share follows the
/// service: `443/tcp shop_web example.org`.
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
        SortedMap<Claimable, ServiceName> holders = new TreeMap<>();
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
            SortedMap<Claimable, ServiceName> holders,
            java.util.function.Consumer<String> unreadable) {
        String[] words = line.split(" ", -1);
        try {
            if (words.length < 2 || words.length > 3) {
                throw new IllegalArgumentException("it is not a port, a service and maybe a name");
            }
            holders.put(
                    new Claimable(ports.apply(words[0]), words.length == 3 ? words[2] : null),
                    new ServiceName(words[1]));
        } catch (IllegalArgumentException e) {
            unreadable.accept(line + ": " + e.getMessage());
        }
    }

    private static String line(Claimable claimed, ServiceName service) {
        String name = claimed.serverName();
        return claimed.published().text() + ' ' + service + (name == null ? "" : ' ' + name) + '\n';
    }

    /// Replaces the file in one step.
    public void write(Claims claims) {
        StringBuilder text = new StringBuilder();
        claims.holders().forEach((claimed, service) -> text.append(line(claimed, service)));
        try {
            Path temporary = file.resolveSibling(file.getFileName() + ".new");
            Files.writeString(temporary, text);
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("can't write " + file, e);
        }
    }
}
