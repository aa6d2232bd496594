package dev.sameport.admin;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// Ordered, repeatable fields as `application/x-www-form-urlencoded`: what commands send, so that
/// the command line needs no JSON library.
public final class Form {
    private final List<Map.Entry<String, String>> fields = new ArrayList<>();

    /// Adds a field.
    public Form add(String name, String value) {
        fields.add(Map.entry(name, value));
        return this;
    }

    /// Adds one `name` field `key=value` per entry.
    public Form addAll(String name, Map<String, String> entries) {
        entries.forEach((key, value) -> add(name, key + "=" + value));
        return this;
    }

    /// Reads a body back; throws `IllegalArgumentException` for what is no form.
    public static Form parse(String body) {
        Form form = new Form();
        for (String pair : body.split("&")) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                form.add(decode(pair.substring(0, equals)), decode(pair.substring(equals + 1)));
            } else if (!pair.isEmpty()) {
                throw new IllegalArgumentException("'" + pair + "' is not of the form name=value");
            }
        }
        return form;
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    /// All values of a field, in order.
    public List<String> all(String name) {
        return fields.stream()
                .filter(field -> field.getKey().equals(name))
                .map(Map.Entry::getValue)
                .toList();
    }

    /// The value of a field that has to be there once.
    public String one(String name) {
        List<String> values = all(name);
        if (values.size() != 1) {
            throw new IllegalArgumentException(
                    "field " + name + " is there " + values.size() + " times, not once");
        }
        return values.getFirst();
    }

    /// `key=value` fields as a map.
    public SortedMap<String, String> map(String name) {
        TreeMap<String, String> map = new TreeMap<>();
        for (String value : all(name)) {
            int equals = value.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException(
                        "field " + name + " '" + value + "' is not of the form key=value");
            }
            map.put(value.substring(0, equals), value.substring(equals + 1));
        }
        return map;
    }

    /// As a request body.
    public String text() {
        StringBuilder text = new StringBuilder();
        for (Map.Entry<String, String> field : fields) {
            text.append(text.isEmpty() ? "" : "&")
                    .append(URLEncoder.encode(field.getKey(), StandardCharsets.UTF_8))
                    .append('=')
                    .append(URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8));
        }
        return text.toString();
    }
}
