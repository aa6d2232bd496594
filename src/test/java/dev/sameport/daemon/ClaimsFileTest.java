package dev.sameport.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sameport.config.PublishGrammar;
import dev.sameport.model.Claimable;
import dev.sameport.model.Claims;
import dev.sameport.model.PublishedPort;
import dev.sameport.model.ServiceName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClaimsFileTest {
    private static final PublishedPort HTTPS = PublishedPort.tcp(443);

    @TempDir Path directory;

    private final List<String> unreadable = new ArrayList<>();

    private ClaimsFile file() {
        return new ClaimsFile(directory.resolve("claims"), PublishGrammar::published);
    }

    @Test
    void claims_to_ports_and_to_server_names_are_read_as_they_were_written() throws IOException {
        TreeMap<Claimable, ServiceName> holders = new TreeMap<>();
        holders.put(Claimable.whole(PublishedPort.tcp(80)), new ServiceName("shop_web"));
        holders.put(new Claimable(HTTPS, "*.example.org"), new ServiceName("shop_web"));
        holders.put(new Claimable(HTTPS, "*"), new ServiceName("rest"));
        file().write(new Claims(holders));
        assertEquals(
                """
                80/tcp shop_web
                443/tcp rest *
                443/tcp shop_web *.example.org
                """,
                Files.readString(directory.resolve("claims")));
        assertEquals(new Claims(holders), file().read(unreadable::add));
        assertEquals(List.of(), unreadable);
    }

    @Test
    void a_line_that_cannot_be_read_is_passed_over_and_told() throws IOException {
        Files.writeString(
                directory.resolve("claims"),
                """
                80/tcp web
                81/tcp
                82/tcp web name more
                99999/tcp web
                83/tcp -
                """);
        Claims claims = file().read(unreadable::add);
        assertEquals(
                List.of(Claimable.whole(PublishedPort.tcp(80))),
                List.copyOf(claims.holders().keySet()));
        assertEquals(4, unreadable.size(), unreadable::toString);
    }

    @Test
    void without_a_file_nobody_holds_anything() {
        assertEquals(Claims.NONE, file().read(unreadable::add));
        assertEquals(List.of(), unreadable);
    }
}
