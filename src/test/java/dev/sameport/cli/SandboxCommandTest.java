package dev.sameport.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sameport.admin.Golden;
import dev.sameport.engine.FakeEngine;
import dev.sameport.engine.sandbox.PauseImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The sandbox commands, against an engine that is told what to answer.
@Timeout(60)
final class SandboxCommandTest {
    private static final String WEB =
            """
            {"Id":"c0ffee","Name":"/sameport-web","Image":"sha256:1","State":{"Status":"running","Pid":7},
             "Config":{"Image":"sameport/pause","Labels":{"sameport.sandbox":"web","sameport.publish":"80:8080,443:8443"}},
             "NetworkSettings":{"Networks":{"bridge":{"NetworkID":"n1","IPAddress":"198.18.0.2"}}}}
            """;

    private final Path directory;
    private final FakeEngine engine;

    SandboxCommandTest(@TempDir Path directory) {
        this.directory = directory;
        this.engine = new FakeEngine(directory.resolve("engine.sock"));
    }

    @BeforeEach
    void willing() {
        engine.on("/version", FakeEngine.json("{\"ApiVersion\":\"1.41\",\"Arch\":\"amd64\"}"));
        engine.on("/images/" + PauseImage.NAME + "/json", FakeEngine.json("{}"));
        engine.on("/images/" + PauseImage.VERSION + "/json", FakeEngine.json("{}"));
        engine.on("/images/load", FakeEngine.json("{\"stream\":\"Loaded\"}"));
        engine.on("/containers/json", FakeEngine.json("[]"));
        engine.on("/containers/create", FakeEngine.status(201, "{\"Id\":\"c0ffee\"}"));
        engine.on("/containers/c0ffee/start", FakeEngine.status(204, ""));
        engine.on("/containers/c0ffee/json", FakeEngine.json(WEB));
        engine.on("/containers/c0ffee/stop", FakeEngine.status(204, ""));
        engine.on("/containers/c0ffee", FakeEngine.status(204, ""));
    }

    private void two() {
        engine.on("/containers/json", FakeEngine.json("[{\"Id\":\"c0ffee\"},{\"Id\":\"m1\"}]"));
        engine.on(
                "/containers/m1/json",
                FakeEngine.json(
                        """
                        {"Id":"m1","Name":"/app-1","State":{"Status":"running"},
                         "HostConfig":{"NetworkMode":"container:c0ffee"}}
                        """));
    }

    @AfterEach
    void stop() {
        engine.close();
    }

    private Spoken say(String line) {
        List<String> words = new ArrayList<>(List.of(line.split(" ")));
        words.add(2, "unix://" + engine.socket());
        words.add(2, "--engine");
        if (line.startsWith("sandbox create")) {
            words.add(2, directory.toString());
            words.add(2, "--run-dir");
        }
        return Spoken.by(words.toArray(String[]::new));
    }

    private String shown(String text) {
        return text.replace(engine.socket().toString(), "/run/docker.sock");
    }

    @Test
    void create_tells_how_replicas_join_and_that_a_daemon_is_needed() {
        Spoken answer = say("sandbox create web -p 80:8080,443:8443 --drain 10s --no-restart");
        assertEquals(0, answer.code(), answer.err());
        Golden.compare("sandbox/created.txt", shown(answer.out()));
        String order = engine.orders().getFirst();
        for (String label :
                List.of(
                        "\"sameport.sandbox\":\"web\"",
                        "\"sameport.service\":\"web\"",
                        "\"sameport.publish\":\"80:8080,443:8443\"",
                        "\"sameport.mode\":\"reuseport\"",
                        "\"sameport.restart\":\"false\"",
                        "\"sameport.drain\":\"10s\"")) {
            assertTrue(order.contains(label), order);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "sandbox craete web | there is no command 'sandbox craete', perhaps 'sandbox create'",
                "sandbox create | Missing required parameter: 'NAME'",
                "sandbox create web | give a port with -p",
                "sandbox create web -p 99999 | 99999",
                "sandbox create web -p 80:80:80:80 | 80:80:80:80",
                "sandbox create web -p 53/udp | UDP",
                "sandbox create a/b -p 80 | 'a/b' is not the name of a sandbox",
                "sandbox create web -p 80 --network host | a network namespace of its own",
                "sandbox create web -p 80 --hold soon | 'soon' is not a duration",
                "sandbox create web -p 80 --mode nat | Unknown option",
                "sandbox create web -p 80 --engine tcp://x:1 | is not a unix socket",
                "sandbox rm | Missing required parameter: 'NAME'",
                "sandbox ls web | Unmatched argument",
                "sandbox image web | Unmatched argument",
            })
    void words_that_are_off_end_with_2_and_say_why(String line, String message) {
        Spoken answer = Spoken.by(line.split(" "));
        assertEquals(2, answer.code(), answer.err());
        assertTrue(answer.err().contains(message), answer.err());
        assertEquals("", answer.out());
    }

    @Test
    void a_taken_name_ends_with_1() {
        engine.on("/containers/sameport-web/json", FakeEngine.json(WEB));
        Spoken answer = say("sandbox create web -p 80:8080");
        assertEquals(1, answer.code());
        assertEquals(
                "sameport sandbox create: the name is taken: Docker at /run/docker.sock has a container sameport-web; remove that sandbox first with `sameport sandbox rm web`, or choose another name\n",
                shown(answer.err()));
        assertEquals("", answer.out());
        assertEquals(List.of(), engine.told());
    }

    @Test
    void ls_tells_who_joined_for_people_and_for_programs() {
        assertEquals(
                "There is no sandbox.\nMake one with `sameport sandbox create NAME -p 80:8080`.\n",
                say("sandbox ls").out());
        two();
        Golden.compare("sandbox/ls.txt", shown(say("sandbox ls").out()));
        Golden.compare("sandbox/ls.json", shown(say("sandbox ls --json").out()));
    }

    @Test
    void rm_removes_and_names_the_replicas_that_are_left() {
        two();
        Spoken answer = say("sandbox rm web web");
        assertEquals(0, answer.code(), answer.err());
        assertEquals(
                "Sandbox web is removed from Docker at /run/docker.sock. Left without a network: app-1.\n",
                shown(answer.out()));
        assertEquals(
                List.of("POST /containers/c0ffee/stop", "DELETE /containers/c0ffee"),
                engine.told());
    }

    @Test
    void rm_of_one_that_is_not_there_removes_nothing() {
        two();
        Spoken answer = say("sandbox rm web api");
        assertEquals(1, answer.code());
        assertTrue(answer.err().contains("there is no sandbox 'api'"), answer.err());
        assertEquals(List.of(), engine.told());
    }

    @Test
    void image_imports_it_once_and_removes_it() {
        assertEquals(
                "Image sameport/pause was already in Docker at /run/docker.sock.\n",
                shown(say("sandbox image").out()));
        engine.on("/images/" + PauseImage.NAME + "/json", FakeEngine.status(404, "{}"));
        assertEquals(
                "Image sameport/pause is imported into Docker at /run/docker.sock.\n",
                shown(say("sandbox image").out()));
        assertEquals(
                "Image sameport/pause is not in Docker at /run/docker.sock.\n",
                shown(say("sandbox image --remove").out()));
    }

    @Test
    void without_an_engine_it_says_how_to_name_one() {
        engine.close();
        for (String line :
                List.of(
                        "sandbox create web -p 80",
                        "sandbox ls",
                        "sandbox rm web",
                        "sandbox image")) {
            Spoken answer = say(line);
            assertEquals(1, answer.code(), answer.err());
            assertTrue(answer.err().contains("no engine answers"), answer.err());
            assertTrue(answer.err().contains("--engine"), answer.err());
            assertEquals(1, answer.err().lines().count(), answer.err());
        }
    }
}
