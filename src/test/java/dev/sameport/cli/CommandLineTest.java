package dev.sameport.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sameport.admin.AdminServer;
import dev.sameport.admin.ScriptedControl;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class CommandLineTest {
    private final ScriptedControl control = new ScriptedControl();
    private final Path directory;
    private final AdminServer server;

    CommandLineTest(@TempDir Path directory) {
        this.directory = directory;
        this.server = AdminServer.start(directory.resolve("admin.sock"), control);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /// A command line with `--run-dir` behind its command, so that `--` stays behind it.
    private Spoken say(String line) {
        List<String> words = new ArrayList<>(List.of(line.split(" ")));
        words.add(1, directory.toString());
        words.add(1, "--run-dir");
        return Spoken.by(words.toArray(String[]::new));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "frobnicate | there is no command 'frobnicate'; see `sameport --help`",
                "explian web | there is no command 'explian', perhaps 'explain'",
                "pubish 80 app | there is no command 'pubish', perhaps 'publish'",
                "Ls | there is no command 'Ls'",
            })
    void a_command_that_is_none(String line, String message) {
        Spoken answer = Spoken.by(line.split(" "));
        assertEquals(2, answer.code());
        assertTrue(answer.err().contains(message), answer.err());
        assertEquals("", answer.out());
    }

    @Test
    void an_empty_word_is_no_command() {
        assertEquals(2, Spoken.by("").code());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "ls --jsno | Unknown option: '--jsno'",
                "ls web | Unmatched argument",
                "ls --run-dir | Missing required parameter for option '--run-dir'",
                "ps --json=maybe | 'maybe' is not a boolean",
                "explain | Missing required parameter: 'NAME|PORT|CONTAINER'",
                "explain a b | Unmatched argument",
                "unpublish | Missing required parameter: 'NAME|PORT'",
                "version now | Unmatched argument",
                "publish | Missing required parameters",
                "publish 80 | Missing required parameter: 'ENDPOINT'",
                "publish 99999 app | 99999",
                "publish 80:80:80:80 app | 80:80:80:80",
                "publish 80/sctp app | sctp",
                "publish 53/udp app | UDP",
                "publish 80 10.0.0.5 | has no port",
                "publish 80 fd00::5:80 | brackets",
                "publish 80 app:80 | a container is named without a port",
                "publish 80 app --weight 1001 | 1001 is outside 0–1000",
                "publish 80 app --weight much | 'much' is not a whole number",
                "publish 80 app --mode fast | choose one of auto, nat, reuseport, proxy",
                "publish 80 app --hold soon | 'soon' is not a duration",
                "publish 80 app --health-interval 1ms | outside 100ms–1h",
                "publish 80 app --protocol http --mode nat | can't speak HTTP",
                "publish 80 app --proxy-protocol v1 --mode nat | carries connections as they are",
                "publish 80 app --tcp-idle-timeout 1ms | choose a duration in that range, or 0",
                "publish 80 app --colour red | Unknown option: '--colour'",
                "run | give a command after --, or the --name of a service to scale",
                "run -- ./server | give a port with -p",
                "run -p 80:8080 --scale many -- ./server | 'many' is not an int",
                "run -p 99999 -- ./server | 99999",
                "run -p 80:8080 --drain x -- ./server | sameport.drain",
                "serve --keep-rules-for ever | duration 'ever'",
                "serve --mark 5 | mark '5' is not of the form",
                "serve --mark x/y | 'x' is not a number",
                "serve --run-subnet 10.0.0.1/22 | host bits set",
                "serve --run-subnet here | run subnet 'here'",
                "serve now | Unmatched argument",
                "demo --replicas 0 | --replicas 0 is outside 1–20",
                "demo --replicas x | 'x' is not an int",
                "clean --maybe | Unknown option",
            })
    void words_that_are_off_end_with_2_and_say_why(String line, String message) {
        Spoken answer = Spoken.by(line.split(" "));
        assertEquals(2, answer.code(), answer.err());
        assertTrue(answer.err().contains(message), answer.err());
        assertTrue(answer.err().contains("--help`"), answer.err());
        assertEquals("", answer.out());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ls",
                "ls --json",
                "ps",
                "ps --json",
                "events",
                "events --json",
                "explain 80",
                "explain shop_web --json"
            })
    void a_question_prints_the_answer_and_ends_with_0(String line) {
        Spoken answer = say(line);
        assertEquals(0, answer.code(), answer.err());
        assertEquals("", answer.err());
        assertTrue(answer.out().contains("shop_web"), answer.out());
        assertEquals(line.endsWith("--json"), answer.out().startsWith("{"), answer.out());
    }

    @Test
    void no_colour_where_there_is_no_terminal() {
        assertTrue(say("ls").out().indexOf('\u001b') < 0, "an escape sequence");
    }

    @ParameterizedTest
    @ValueSource(strings = {"doctor", "doctor --json"})
    void doctor_ends_with_1_if_a_check_failed(String line) {
        Spoken answer = say(line);
        assertEquals(1, answer.code());
        assertTrue(answer.out().contains("connection refused"), answer.out());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "publish 80 app_1 app_2 | publish PublishCall[name=port-80, settings={sameport.publish=80}, endpoints=[app_1, app_2]]",
                "publish 127.0.0.1:80:8080 10.0.0.5:8080 [fd00::5]:8080 --name web --hold 10s --weight=3 | publish PublishCall[name=web, settings={sameport.hold=10s, sameport.publish=127.0.0.1:80:8080, sameport.weight=3}, endpoints=[10.0.0.5:8080, [fd00::5]:8080]]",
                "unpublish 80 | unpublish 80",
                "run --name web --scale 5 | scale web 5",
                "run --name web --scale 0 | scale web 0",
            })
    void an_order_is_passed_on(String line, String told) throws InterruptedException {
        Spoken answer = say(line);
        assertEquals(0, answer.code(), answer.err());
        assertTrue(answer.out().startsWith("Service "), answer.out());
        assertEquals(told, control.told.take());
    }

    @Test
    void a_run_takes_the_callers_directory_and_everything_behind_the_dashes() throws Exception {
        Spoken answer =
                say(
                        "run -d --scale 3 -p 80:8080 -p 443:8443 --drain 1m -- ./server --scale 9 -p x");
        assertEquals(0, answer.code(), answer.err());
        assertEquals(
                "run server 3 {sameport.drain=1m, sameport.publish=80:8080,443:8443} [./server, --scale, 9, -p, x] in "
                        + Path.of("").toAbsolutePath()
                        + " as "
                        + System.getProperty("user.name"),
                control.told.take());
    }

    @Test
    void a_run_in_the_foreground_ends_with_the_daemon() throws Exception {
        Thread end =
                Thread.ofVirtual()
                        .unstarted(() -> {
                            try {
                                control.told.take();
                                server.close();
                            } catch (InterruptedException _) {
                                Thread.currentThread().interrupt();
                            }
                        });
        end.start();
        Spoken answer = say("run -p 80:8080 -- ./server");
        assertEquals(1, answer.code());
        // It may end before it has begun its answer, too.
        assertTrue(
                answer.err().contains("the daemon has ended, and the replicas with it")
                        || answer.err().contains("broke off"),
                answer.err());
        end.join();
    }

    @Test
    void what_can_not_be_done_now_ends_with_1() {
        Spoken answer = say("unpublish busy");
        assertEquals(1, answer.code());
        assertEquals("sameport unpublish: service busy can't be had; try later\n", answer.err());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ls",
                "ps",
                "events",
                "explain 80",
                "doctor",
                "unpublish web",
                "publish 80 a"
            })
    void without_a_daemon_it_says_how_to_start_one(String line) {
        server.close();
        Spoken answer = say(line);
        assertEquals(1, answer.code());
        assertTrue(answer.err().contains("no daemon answers at " + directory), answer.err());
        assertTrue(answer.err().contains("start one with `sameport serve`"), answer.err());
        assertEquals(1, answer.err().lines().count(), answer.err());
    }
}
