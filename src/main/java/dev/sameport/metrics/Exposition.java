package dev.sameport.metrics;

import dev.sameport.metrics.MeterNames.Meter;

/// Samples as Prometheus text, exposition format 0.0.4. Confined to one rendering.
public final class Exposition {
    /// The content type of the format.
    public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final StringBuilder text = new StringBuilder();

    /// Begins a meter; its samples follow.
    public Exposition meter(Meter meter) {
        text.append("# HELP ").append(meter.name()).append(' ').append(meter.help()).append('\n');
        text.append("# TYPE ").append(meter.name()).append(' ').append(meter.type()).append('\n');
        return this;
    }

    /// One sample; `labels` are names and values in turn.
    public Exposition sample(Meter meter, long value, String... labels) {
        text.append(meter.name());
        for (int i = 0; i < labels.length; i += 2) {
            text.append(i == 0 ? '{' : ',')
                    .append(labels[i])
                    .append("=\"")
                    .append(escaped(labels[i + 1]))
                    .append('"');
        }
        text.append(labels.length == 0 ? " " : "} ").append(value).append('\n');
        return this;
    }

    private static String escaped(String value) {
        return value.replace("\\", "\\\\").replace("\n", "\\n").replace("\"", "\\\"");
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
