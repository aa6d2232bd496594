package dev.sameport.provider.declared;

import dev.sameport.model.Addresses;
import dev.sameport.model.Declaration;
import dev.sameport.model.Declaration.Member;
import dev.sameport.model.Labels;
import dev.sameport.model.ServiceName;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// The JSON form of declared services:
/// `[{"name":"web","settings":{"sameport.publish":"80:8080"},"endpoints":["container
/// app_1","address 10.0.0.5:8080"]}]`.
public final class DeclarationFile {
    private static final String CONTAINER = "container ";
    private static final String ADDRESS = "address ";
    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .build();

    record Entry(String name, SortedMap<String, String> settings, List<String> endpoints) {}

    private DeclarationFile() {}

    /// The file's text for `declarations`.
    public static String write(List<Declaration> declarations) {
        List<Entry> entries = new ArrayList<>();
        for (Declaration declaration : declarations) {
            entries.add(
                    new Entry(
                            declaration.name().value(),
                            declaration.settings().values(),
                            declaration.endpoints().stream().map(DeclarationFile::text).toList()));
        }
        return JSON.writeValueAsString(entries) + "\n";
    }

    /// The declarations in `text`; throws `IllegalArgumentException` that says what is wrong with
    /// it.
    public static List<Declaration> read(String origin, String text) {
        try {
            List<Declaration> declarations = new ArrayList<>();
            Entry[] entries = JSON.readValue(text, Entry[].class);
            if (entries == null) {
                throw new IllegalArgumentException("it is null, not a list");
            }
            for (Entry entry : entries) {
                declarations.add(declaration(origin, entry));
            }
            return declarations;
        } catch (JacksonException e) {
            throw new IllegalArgumentException(e.getOriginalMessage(), e);
        }
    }

    private static Declaration declaration(String origin, @Nullable Entry entry) {
        if (entry == null || entry.name() == null || entry.endpoints() == null) {
            throw new IllegalArgumentException("an entry has no name or no endpoints");
        }
        if (entry.settings() != null && entry.settings().containsValue(null)) {
            throw new IllegalArgumentException(
                    "service " + entry.name() + " has a setting without a value");
        }
        SortedMap<String, String> settings =
                entry.settings() == null ? new TreeMap<>() : entry.settings();
        return new Declaration(
                origin,
                new ServiceName(entry.name()),
                new Labels(settings),
                entry.endpoints().stream().map(DeclarationFile::member).toList());
    }

    private static String text(Member member) {
        return switch (member) {
            case Member.Named(String nameOrId) -> CONTAINER + nameOrId;
            case Member.At(InetSocketAddress address) -> ADDRESS + Addresses.text(address);
        };
    }

    private static Member member(@Nullable String text) {
        if (text == null) {
            throw new IllegalArgumentException("an endpoint is null");
        }
        if (text.startsWith(CONTAINER)) {
            return new Member.Named(text.substring(CONTAINER.length()));
        }
        if (text.startsWith(ADDRESS)) {
            return new Member.At(address(text.substring(ADDRESS.length())));
        }
        throw new IllegalArgumentException(
                "endpoint '" + text + "' is neither 'container …' nor 'address …'");
    }

    private static InetSocketAddress address(String text) {
        int colon = text.lastIndexOf(':');
        String host = text.substring(0, Math.max(colon, 0)).replace("[", "").replace("]", "");
        if (host.isEmpty() || !host.matches("[0-9a-fA-F.:]+")) {
            throw new IllegalArgumentException("address '" + text + "' is not of the form IP:PORT");
        }
        try {
            return new InetSocketAddress(
                    InetAddress.ofLiteral(host), Integer.parseInt(text.substring(colon + 1)));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "address '" + text + "' is not of the form IP:PORT", e);
        }
    }
}
