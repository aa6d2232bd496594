package dev.sameport.plane.proxy.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sameport.model.Affinity;
import dev.sameport.model.Desired;
import dev.sameport.model.EndpointId;
import dev.sameport.model.HttpPolicy;
import dev.sameport.model.Policies;
import dev.sameport.model.ReplicaId;
import dev.sameport.model.Service;
import dev.sameport.plane.proxy.Transport;
import dev.sameport.plane.proxy.http.TestHttp.Answer;
import dev.sameport.plane.proxy.http.TestHttp.Client;
import dev.sameport.plane.proxy.l4.Wanted;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StickyCookiesTest {
    private static final String NAME = "kept";

    private static void toward(TestHttp http, Origins... origins) {
        InetSocketAddress[] addresses =
                Stream.of(origins)
                        .map(origin -> origin.server.address())
                        .toArray(InetSocketAddress[]::new);
        Service service = Wanted.serving(http.published, addresses).services().getFirst();
        Policies usual = service.policies();
        Policies sticky =
                new Policies(
                        usual.mode(),
                        usual.balance(),
                        new Affinity.Cookie(NAME),
                        usual.hold(),
                        usual.drain(),
                        usual.health(),
                        HttpPolicy.DEFAULT,
                        null,
                        usual.tcp());
        http.apply(new Desired(1, List.of(new Service(service.name(), service.ports(), sticky))));
    }

    private static TestHttp http() {
        return new TestHttp(Transport.forRelay(), HttpOptions.DEFAULT);
    }

    /// What a request with these cookies is answered, on a connection of its own.
    private static Answer ask(TestHttp http, String... cookies) throws IOException {
        StringBuilder request = new StringBuilder("GET / HTTP/1.1\r\nHost: localhost\r\n");
        for (String cookie : cookies) {
            request.append("Cookie: ").append(cookie).append("\r\n");
        }
        try (Client client = http.connect()) {
            client.send(request.append("\r\n").toString());
            return client.answer();
        }
    }

    private static String given(Answer answer) {
        String field = answer.field("Set-Cookie");
        return field.isEmpty() ? "" : field.substring(0, field.indexOf(';'));
    }

    @Test
    void a_client_that_shows_its_cookie_keeps_its_endpoint() throws Exception {
        try (Origins one = Origins.saying("one");
                Origins two = Origins.saying("two");
                Origins three = Origins.saying("three");
                TestHttp http = http()) {
            toward(http, one, two, three);
            Set<String> reached = new HashSet<>();
            for (int client = 0; client < 30; client++) {
                Answer first = ask(http);
                reached.add(first.body());
                for (int again = 0; again < 3; again++) {
                    Answer next = ask(http, "a=b; " + given(first) + "; c=d");
                    assertEquals(first.body(), next.body());
                    assertEquals("", next.field("Set-Cookie"), "it has it already");
                }
            }
            assertEquals(Set.of("one", "two", "three"), reached);
        }
    }

    @Test
    void a_cookie_tells_no_address_and_no_more_than_it_has_to() throws Exception {
        try (Origins one = Origins.saying("one");
                TestHttp http = http()) {
            toward(http, one);
            String field = ask(http).field("Set-Cookie");
            assertTrue(
                    field.matches(NAME + "=[A-Za-z0-9_-]{20}; Path=/; HttpOnly; SameSite=Lax"),
                    field);
        }
    }

    @Test
    void a_cookie_in_a_field_of_its_own_counts_too() throws Exception {
        try (Origins one = Origins.saying("one");
                Origins two = Origins.saying("two");
                TestHttp http = http()) {
            toward(http, one, two);
            Answer first = ask(http);
            for (int again = 0; again < 10; again++) {
                assertEquals(first.body(), ask(http, "a=b", given(first)).body());
            }
        }
    }

    @Test
    void a_cookie_that_names_nobody_is_replaced() throws Exception {
        try (Origins one = Origins.saying("one");
                TestHttp http = http()) {
            toward(http, one);
            String good = given(ask(http));
            String bad = NAME + "=AAAAAAAAAAAAAAAAAAAA";
            for (String shown :
                    List.of(
                            bad,
                            NAME + "=",
                            NAME,
                            "x" + good,
                            good + "x",
                            ";;",
                            "a;" + good + "=")) {
                assertEquals(good, given(ask(http, shown)), shown);
            }
            assertEquals("", given(ask(http, bad + "; " + good)), "one of them is good");
        }
    }

    @Test
    void who_loses_its_endpoint_is_given_another_and_told_so() throws Exception {
        try (Origins one = Origins.saying("one");
                Origins two = Origins.saying("two");
                TestHttp http = http()) {
            toward(http, one);
            Answer first = ask(http);
            toward(http, two);
            Answer next = ask(http, given(first));
            assertEquals("two", next.body());
            assertNotEquals(given(first), given(next));
            assertEquals("", given(ask(http, given(next))));
        }
    }

    @Test
    void an_endpoint_that_closes_its_idle_connections_keeps_its_clients() throws Exception {
        try (Origins one = onlyOneAnswer("one");
                Origins two = onlyOneAnswer("two");
                TestHttp http = http()) {
            toward(http, one, two);
            Answer first = ask(http);
            for (int again = 0; again < 100; again++) {
                assertEquals(first.body(), ask(http, given(first)).body());
            }
        }
    }

    private static Origins onlyOneAnswer(String body) throws IOException {
        return new Origins((_, socket) -> {
            socket.getOutputStream().write(TestBytes.of(Origins.ok(body)));
            return null;
        });
    }

    @Test
    void an_endpoint_that_fails_gives_its_clients_away() throws Exception {
        try (Origins bad = new Origins((_, _) -> null);
                Origins good = Origins.saying("good");
                TestHttp http = http()) {
            toward(http, bad, good);
            String cookie = NAME + "=" + tokenOf(http, bad);
            Answer answer = ask(http, cookie);
            assertEquals("good", answer.body());
            assertNotEquals("", given(answer));
            assertNotEquals(0, bad.heads.size());
        }
    }

    private static String tokenOf(TestHttp http, Origins origin) {
        return http.http
                .cookieKey()
                .token(
                        Wanted.serving(http.published, origin.server.address())
                                .services()
                                .getFirst()
                                .ports()
                                .getFirst()
                                .endpoints()
                                .getFirst()
                                .id());
    }

    private static final EndpointId SOMEONE = endpoint("one");

    private static EndpointId endpoint(String name) {
        return new EndpointId(new ReplicaId("docker", name), 80);
    }

    @Test
    void a_key_is_kept_for_its_owner_and_read_again(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("cookie.key");
        String token = CookieKey.in(file).token(SOMEONE);
        assertEquals(token, CookieKey.in(file).token(SOMEONE));
        assertNotEquals(token, CookieKey.in(file).token(endpoint("two")));
        assertNotEquals(token, CookieKey.fresh().token(SOMEONE));
        assertEquals(
                "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        try (Stream<Path> files = Files.list(directory)) {
            assertEquals(List.of(file), files.toList());
        }
    }

    @Test
    void a_key_that_can_not_be_kept_lasts_as_long_as_the_daemon(@TempDir Path directory)
            throws Exception {
        Path file = directory.resolve("cookie.key");
        Files.writeString(file, "too short");
        CookieKey key = CookieKey.in(file);
        assertEquals(key.token(SOMEONE), key.token(SOMEONE));
        assertNotEquals(key.token(SOMEONE), CookieKey.in(file).token(SOMEONE));
        assertEquals("too short", Files.readString(file));
        CookieKey nowhere = CookieKey.in(directory.resolve("no/such/directory"));
        assertEquals(nowhere.token(SOMEONE), nowhere.token(SOMEONE));
        assertFalse(Files.exists(directory.resolve("no")));
    }
}
