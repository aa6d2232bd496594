package dev.sameport.config;

import dev.sameport.model.Labels;
import dev.sameport.model.Mapping;
import dev.sameport.model.ServiceName;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What the members of a group have in common: the answer to who shares.
///
/// Two groups may come to one name (`a_b` + `c`, `a` + `b_c`); the key, not the name, tells them
/// apart.
///
/// @param kind which rule made it; the order is that of the rules
/// @param first the name, the compose project or the image
/// @param second the compose service or the published ports
record GroupKey(Kind kind, String first, String second) implements Comparable<GroupKey> {
    /// The rules of who shares, in their order.
    enum Kind {
        NAMED,
        COMPOSE,
        ALIKE
    }

    private static final String PROJECT = "com.docker.compose.project";
    private static final String SERVICE = "com.docker.compose.service";
    private static final String ONE_OFF = "com.docker.compose.oneoff";
    private static final int MAX_IMAGE = 32;
    private static final int MAX_NAME = 128;

    /// The group that `asker` belongs to, or null where it shares with nobody.
    static @Nullable GroupKey of(Asker asker, Problems problems) {
        Labels own = asker.replica().own();
        if ("true".equalsIgnoreCase(own.get(ONE_OFF))) {
            // `compose run` gives its container the labels of the service, sameport's included,
            // though nobody asked for it to serve.
            return null;
        }
        ServiceName named = asker.reading().settings().service();
        if (named != null) {
            return new GroupKey(Kind.NAMED, named.value(), "");
        }
        String project = own.get(PROJECT);
        String service = own.get(SERVICE);
        if (project != null && service != null) {
            GroupKey compose = new GroupKey(Kind.COMPOSE, project, service);
            if (compose.nameOrNull() != null) {
                return compose;
            }
            if (asker.speaks()) {
                problems.add(
                        asker.subject(),
                        "compose project "
                                + Escaped.quoted(project)
                                + " and service "
                                + Escaped.quoted(service)
                                + " do not make a service name",
                        "set sameport.service");
            }
        }
        return alike(asker);
    }

    private static @Nullable GroupKey alike(Asker asker) {
        List<Mapping> published = asker.reading().published();
        if (published.isEmpty()) {
            return null;
        }
        return new GroupKey(Kind.ALIKE, asker.replica().image(), text(published));
    }

    private static String text(List<Mapping> mappings) {
        return mappings.stream()
                .sorted(java.util.Comparator.comparing(Mapping::published))
                .map(mapping -> mapping.published().text() + ">" + mapping.containerPort())
                .collect(Collectors.joining(","));
    }

    /// The service's name where no other group has it.
    ServiceName name() {
        ServiceName name = nameOrNull();
        if (name == null) {
            throw new IllegalStateException("group " + this + " has no name");
        }
        return name;
    }

    /// A name that no other group comes to.
    ServiceName distinctName() {
        String suffix = "-" + digest(16);
        String name = name().value();
        int room = MAX_NAME - suffix.length();
        return new ServiceName(name.substring(0, Math.min(room, name.length())) + suffix);
    }

    private @Nullable ServiceName nameOrNull() {
        String name =
                switch (kind) {
                    case NAMED -> first;
                    case COMPOSE -> first + "_" + second;
                    case ALIKE -> shortImage() + "-" + firstPort() + "-" + digest(8);
                };
        try {
            return new ServiceName(name);
        } catch (IllegalArgumentException _) {
            return null;
        }
    }

    /// What a person calls it.
    String description() {
        return switch (kind) {
            case NAMED -> "sameport.service " + first;
            case COMPOSE ->
                    "service "
                            + Escaped.quoted(second)
                            + " of compose project "
                            + Escaped.quoted(first);
            case ALIKE -> "containers of image " + Escaped.quoted(first);
        };
    }

    private String shortImage() {
        int digest = first.indexOf('@');
        String image = digest < 0 ? first : first.substring(0, digest);
        image = image.substring(image.lastIndexOf('/') + 1);
        if (image.endsWith(":latest")) {
            image = image.substring(0, image.length() - ":latest".length());
        }
        image = image.replaceAll("[^A-Za-z0-9_.:-]", "-").replaceFirst("^[^A-Za-z0-9]+", "");
        image = image.substring(0, Math.min(image.length(), MAX_IMAGE));
        return image.isEmpty() ? "image" : image;
    }

    private String firstPort() {
        String published = second.substring(0, second.indexOf('/'));
        return published.substring(published.lastIndexOf(':') + 1);
    }

    private String digest(int digits) {
        try {
            String identity = kind.name().toLowerCase(Locale.ROOT) + "\0" + first + "\0" + second;
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(identity.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest).substring(0, digits);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    @Override
    public int compareTo(GroupKey other) {
        int byKind = kind.compareTo(other.kind);
        int byFirst = byKind != 0 ? byKind : first.compareTo(other.first);
        return byFirst != 0 ? byFirst : second.compareTo(other.second);
    }
}
