package dev.sameport.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sameport.model.Affinity;
import dev.sameport.model.Labels;
import dev.sameport.model.Mode;
import dev.sameport.model.Policies;
import dev.sameport.model.TlsPolicy;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SameportLabelsTest {
    private static Reading read(String key, String value) {
        return SameportLabels.read("container web", Labels.of(Map.of(key, value)));
    }

    @Test
    void no_label_means_every_default() {
        Settings settings = SameportLabels.read("container web", Labels.NONE).settings();
        assertEquals(Policies.DEFAULT, settings.policies());
        assertEquals(1, settings.weight().value());
        assertTrue(settings.publish().isEmpty());
    }

    @ParameterizedTest
    @CsvSource({
        "sameport.tls.self-signed,yess",
        "sameport.tls.cert,../../etc/shadow",
        "sameport.tls.key,''",
        "sameport.tls.sni,a b",
        "sameport.tls.acme,on"
    })
    void a_mistake_in_a_label_of_tls_never_leads_to_plain_text(String label, String value) {
        Reading reading = read(label, value);
        TlsPolicy tls = reading.settings().policies().tls();
        assertNotNull(tls);
        assertFalse(tls.usable());
        assertFalse(reading.problems().isEmpty());
    }

    @Test
    void a_cookie_means_http() {
        Policies policies = read("sameport.affinity", "cookie=kept").settings().policies();
        assertEquals(new Affinity.Cookie("kept"), policies.affinity());
        assertNotNull(policies.http());
        assertEquals(Mode.PROXY, policies.mode());
    }

    @Test
    void every_flag_is_unique() {
        HashSet<String> flags = new HashSet<>();
        for (LabelKey key : SameportLabels.KEYS) {
            assertTrue(flags.add(key.flag()), key.flag());
        }
        assertTrue(flags.contains("--health-interval"));
    }

    @ParameterizedTest
    @CsvSource({"500ms,500", "5s,5000", "2m,120000", "1h,3600000", "7,7000", "0,0", "' 3s ',3000"})
    void a_duration_has_a_unit_or_is_in_seconds(String text, long millis) {
        Reading reading = read("sameport.hold", text);
        assertEquals(Duration.ofMillis(millis), reading.settings().policies().hold());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"-1", "1.5s", "5 s", "5S", "1d", "61m", "9999999999", "٣s", "", "3601", "s"})
    void any_other_duration_is_refused_and_the_default_holds(String text) {
        Reading reading = read("sameport.hold", text);
        assertEquals(Policies.DEFAULT, reading.settings().policies());
        assertEquals(1, reading.problems().size());
        assertEquals("container web label sameport.hold", reading.problems().getFirst().where());
    }

    @Test
    void members_of_a_sandbox_are_restarted_unless_it_says_otherwise() {
        Settings without = SameportLabels.read("container web", Labels.NONE).settings();
        assertTrue(without.restart());
        assertNull(without.sandbox());
        assertFalse(read("sameport.restart", "False").settings().restart());
        assertTrue(read("sameport.restart", "true").settings().restart());
        assertTrue(read("sameport.restart", "0").settings().restart());
        assertEquals(
                "choose one of true, false",
                read("sameport.restart", "0").problems().getFirst().fix());
        assertEquals("web", read("sameport.sandbox", "web").settings().sandbox());
        assertNull(read("sameport.sandbox", "-web").settings().sandbox());
    }

    @Test
    void affinity_carries_its_detail() {
        assertEquals(
                new Affinity.ClientIp(Duration.ofMinutes(10)),
                read("sameport.affinity", "client-ip=10m").settings().policies().affinity());
        assertEquals(
                new Affinity.Cookie("sid"),
                read("sameport.affinity", "cookie=sid").settings().policies().affinity());
        assertEquals(
                new Affinity.None(),
                read("sameport.affinity", "none=1").settings().policies().affinity());
    }

    @ParameterizedTest
    @CsvSource({
        "sameport.publsih,sameport.publish",
        "sameport.ports,",
        "sameport.weigth,sameport.weight",
        "sameport.health.intreval,sameport.health.interval",
        "SAMEPORT.PUBLISH,sameport.publish",
        "sameport.qqqqqqqqqqqqqqqq,",
    })
    void an_unknown_label_is_answered_with_the_nearest_known(String key, String nearest) {
        String fix = read(key, "1").problems().getFirst().fix();
        assertEquals(
                nearest == null
                        ? "see docs/labels.md for those there are"
                        : "did you mean " + nearest + "?",
                fix);
    }

    @Test
    void labels_of_others_are_none_of_our_business() {
        assertTrue(read("sameporter.publish", "x").problems().isEmpty());
        assertTrue(read("com.example.sameport.publish", "x").problems().isEmpty());
    }

    @Test
    void ten_thousand_labels_are_read_at_once_and_give_few_problems() {
        TreeMap<String, String> labels = new TreeMap<>();
        for (int i = 0; i < 5_000; i++) {
            labels.put("sameport.unknown." + i + "x".repeat(40), "v".repeat(1000));
            labels.put("other.label." + i, "v");
        }
        labels.put("sameport.publish", "9".repeat(100_000));
        Labels many = new Labels(labels);
        Reading reading =
                assertTimeout(
                        Duration.ofSeconds(2), () -> SameportLabels.read("container web", many));
        assertEquals(12, reading.problems().size());
        assertTrue(reading.problems().toString().length() < 5_000);
        assertTrue(
                reading.problems().toString().contains("4990 more labels"),
                reading.problems()::toString);
    }

    @Test
    void a_bad_value_is_a_problem_wherever_it_stands() {
        BadValue bad = assertThrows(BadValue.class, () -> Values.weight("x"));
        assertEquals("container web: " + bad.getMessage(), bad.at("container web").toString());
    }

    @Test
    void foreign_text_is_shown_without_what_could_mislead_a_terminal() {
        assertEquals(
                "a\\u001b[2Jb\\u000a\\u202ec\\ud800",
                Escaped.text("a\u001b[2Jb\n\u202ec" + (char) 0xd800));
        assertEquals("ü 😀", Escaped.text("ü 😀"));
        assertEquals("x".repeat(80) + "…", Escaped.text("x".repeat(81)));
    }
}
