package dev.sameport.admin;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sameport.admin.Routes.Answer;
import dev.sameport.model.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class AdminGoldenTest {
    private static final JsonMapper JSON = new JsonMapper();
    private final Routes routes = new Routes(new ScriptedControl());

    private String body(String target) {
        Answer answer = routes.answer("GET", target, "", new Caller("someone", "some"));
        Answer.Whole whole = (Answer.Whole) answer;
        assertTrue(whole.status() == 200, whole::body);
        return whole.body();
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/services, services.txt",
        "/v1/services?color=1, services-coloured.txt",
        "/v1/replicas, replicas.txt",
        "/v1/replicas?color=1, replicas-coloured.txt",
        "/v1/doctor, doctor.txt",
        "/v1/doctor?color=1, doctor-coloured.txt",
        "/v1/metrics, metrics.txt",
        "/v1/version, version.txt",
        "/v1/explain/shop_web, explain-service.txt",
        "/v1/explain/shared, explain-sandbox.txt",
        "/v1/explain/443, explain-port.txt",
        "/v1/explain/8080, explain-conflict.txt",
        "/v1/explain/127.0.0.1:9443%2Ftcp, explain-loopback.txt",
        "/v1/explain/81, explain-held.txt",
        "/v1/explain/api, explain-last-resort.txt",
        "/v1/explain/far, explain-plain.txt",
        "/v1/explain/shop_web_9, explain-problem-only.txt",
        "/v1/explain/198.18.0.5, explain-address.txt"
    })
    void what_people_read(String target, String file) {
        Golden.compare("admin/" + file, body(target));
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/services.json, services.json",
        "/v1/doctor.json, doctor.json",
        "/v1/explain/443/json, explain-port.json"
    })
    void what_programs_read(String target, String file) {
        JsonNode document = JSON.readTree(body(target));
        assertTrue(document.get("version").asInt() == 1, target);
        // Laid out for the reader of the file; the daemon sends one line.
        Golden.compare(
                "admin/" + file,
                JSON.writerWithDefaultPrettyPrinter().writeValueAsString(document) + "\n");
    }

    @Test
    void a_line_of_json_for_each_event() {
        Golden.compare("admin/events.json", body("/v1/events.json"));
    }

    @Test
    void a_line_of_text_for_each_event() {
        StringBuilder lines = new StringBuilder();
        Sample.changes().forEach(change -> lines.append(Tables.change(change, ZoneOffset.UTC)));
        Golden.compare("admin/events.txt", lines.toString());
    }

    @Test
    void without_a_service_it_says_how_to_get_one() {
        Golden.compare("admin/services-none.txt", Tables.services(Snapshot.EMPTY, Paint.PLAIN));
    }

    @Test
    void nothing_foreign_reaches_a_terminal() {
        List<String> targets =
                List.of(
                        "/v1/services",
                        "/v1/replicas",
                        "/v1/events",
                        "/v1/doctor",
                        "/v1/explain/81",
                        "/v1/explain/held");
        for (String target : targets) {
            String text = body(target);
            assertTrue(
                    text.codePoints()
                            .allMatch(c ->
                                    c == '\n'
                                            || (!Character.isISOControl(c)
                                                    && Character.getType(c) != Character.FORMAT)),
                    () -> target + ":\n" + text);
        }
    }

    @Test
    void an_explanation_tells_only_the_problems_of_its_subject() {
        String text = body("/v1/explain/blog");
        assertFalse(text.contains("!"), text);
    }

    @Test
    void a_name_that_nobody_has_is_an_error_that_repeats_it() {
        IllegalArgumentException refused =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> Explainer.explain(Sample.snapshot(), "nobody"));
        assertTrue(String.valueOf(refused.getMessage()).contains("'nobody'"), refused.toString());
    }

    @Test
    void a_thousand_services_are_rendered_in_no_time() {
        Snapshot large = Sample.large(1_000);
        String first = Tables.services(large, Paint.COLOURED);
        Instant start = Instant.now();
        String second = Tables.services(large, Paint.COLOURED);
        Duration took = Duration.between(start, Instant.now());
        assertTrue(first.equals(second) && first.lines().count() == 1_001, "rows");
        // It takes some 10 ms; the limit leaves room for a busy machine.
        assertTrue(took.compareTo(Duration.ofMillis(500)) < 0, took::toString);
    }
}
