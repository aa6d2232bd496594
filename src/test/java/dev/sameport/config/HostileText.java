package dev.sameport.config;

import dev.sameport.model.Declaration;
import dev.sameport.model.Reach;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/// A machine whose every text is made to break something.
final class HostileText {
    private static final List<String> PIECES =
            List.of(
                    "\u0000",
                    "\n",
                    "\r",
                    "\u001b[2J",
                    "\u202e",
                    "\u200b",
                    "%s",
                    "${x}",
                    "'",
                    "\"",
                    "/",
                    "..",
                    ":",
                    ",",
                    "-",
                    "80",
                    "65536",
                    "[",
                    "]",
                    "=",
                    "_",
                    "ü",
                    "\ud800",
                    "\udfff",
                    "😀",
                    "sameport.",
                    "publish",
                    "web",
                    " ",
                    "\t",
                    "x",
                    "\\",
                    "\0");

    private final SplittableRandom random;

    HostileText(SplittableRandom random) {
        this.random = random;
    }

    Machine machine() {
        Machine machine = new Machine();
        for (int i = 0; i < 3; i++) {
            Machine.Container container = machine.bare("docker", text());
            container.id = text() + i;
            container.image(text());
            container.network(
                    Machine.attachment(
                            text(),
                            random.nextBoolean() ? "198.18.1.2" : "",
                            "",
                            true,
                            random.nextInt(4) == 0,
                            random.nextBoolean()
                                    ? new Reach.Unreachable(text())
                                    : new Reach.OnBridge("br0")));
            for (LabelKey key : SameportLabels.KEYS) {
                if (random.nextInt(3) == 0) {
                    container.label(key.name(), text());
                }
            }
            container.label("sameport." + text(), text());
            if (random.nextBoolean()) {
                container.publish("80");
            }
            if (random.nextBoolean()) {
                container.compose(text(), text());
            }
        }
        // The text may be this very key.
        Map<String, String> settings = new TreeMap<>(Map.of(text(), text()));
        settings.put("sameport.publish", random.nextBoolean() ? "80" : text());
        return machine.declare("web", settings, new Declaration.Member.Named(text()));
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        int length = random.nextInt(40) == 0 ? 3_000 : random.nextInt(6);
        for (int i = 0; i < length; i++) {
            text.append(PIECES.get(random.nextInt(PIECES.size())));
        }
        return text.toString();
    }
}
