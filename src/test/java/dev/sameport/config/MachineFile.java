package dev.sameport.config;

import dev.sameport.model.Attachment;
import dev.sameport.model.Claimable;
import dev.sameport.model.Declaration;
import dev.sameport.model.Declaration.Member;
import dev.sameport.model.Labels;
import dev.sameport.model.Reach;
import dev.sameport.model.Replica;
import dev.sameport.model.ServiceName;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// Reads the upper half of a golden file. Escapes such as `\33` are those of Java's text blocks.
final class MachineFile {
    private final Machine machine = new Machine();
    private Machine.Container container = new Machine.Container("docker", "none");
    private final List<Member> members = new ArrayList<>();
    private final Map<String, String> settings = new TreeMap<>();
    private String origin = "";
    private String declared = "";

    private MachineFile() {}

    static Machine read(List<String> lines) {
        MachineFile file = new MachineFile();
        for (String line : lines) {
            String text = line.strip().translateEscapes();
            if (!text.isEmpty() && !text.startsWith("#")) {
                file.line(text);
            }
        }
        file.endDeclaration();
        for (Machine.Container container : file.machine.containers) {
            if (container.attachments.isEmpty()
                    && !container.onHost
                    && container.joined.isEmpty()) {
                int number = 10 + file.machine.containers.indexOf(container);
                container.network(Machine.bridge("bridge", number));
            }
        }
        return file.machine;
    }

    private void line(String text) {
        int space = text.indexOf(' ');
        String verb = space < 0 ? text : text.substring(0, space);
        String rest = space < 0 ? "" : text.substring(space + 1).strip();
        switch (verb) {
            case "container" -> container(rest);
            case "provider" -> container(rest.split(" ", 2));
            case "id" -> container.id = rest;
            case "image" -> container.image = rest;
            case "started" -> container.started(Integer.parseInt(rest));
            case "state" -> container.state = Replica.State.valueOf(rest.toUpperCase(Locale.ROOT));
            case "label" -> label(rest);
            case "image-label" -> put(rest, container.fromImage);
            case "network" -> network(rest);
            case "no-network" ->
                    container.network(
                            Machine.attachment(
                                    "none",
                                    "",
                                    "",
                                    true,
                                    false,
                                    new Reach.Unreachable("no address")));
            case "joined" -> container.joined = rest;
            case "namespace" -> container.namespace = Long.parseLong(rest);
            case "on-host" -> container.onHost = true;
            case "port" -> port(rest.split(" "));
            case "declare" -> declare(rest.split(" "));
            case "member" -> members.add(new Member.Named(rest));
            case "address" -> members.add(new Member.At(socket(rest)));
            case "claim" -> claim(rest.split(" "));
            case "trust-image-labels" -> machine.trustImageLabels = true;
            default -> throw new IllegalArgumentException("golden file line '" + text + "'");
        }
    }

    private void container(String name) {
        endDeclaration();
        container = machine.bare("docker", name);
    }

    private void container(String[] words) {
        endDeclaration();
        container = machine.bare(words[0], words[1]);
    }

    private void label(String rest) {
        put(rest, declared.isEmpty() ? container.own : settings);
    }

    private static void put(String rest, Map<String, String> labels) {
        int equals = rest.indexOf('=');
        labels.put(rest.substring(0, equals), rest.substring(equals + 1));
    }

    /// `network NAME [ipv4] [ipv6] [default] [internal] [unreachable REASON…]`
    private void network(String rest) {
        List<String> words = Arrays.asList(rest.split(" "));
        String ipv4 = "";
        String ipv6 = "";
        for (String word : words.subList(1, words.size())) {
            if (word.contains(".")) {
                ipv4 = word;
            } else if (word.contains(":")) {
                ipv6 = word;
            }
        }
        int unreachable = rest.indexOf(" unreachable ");
        Reach reach =
                unreachable < 0
                        ? new Reach.OnBridge("br-" + words.getFirst())
                        : new Reach.Unreachable(
                                rest.substring(unreachable + " unreachable ".length()));
        Attachment attachment =
                Machine.attachment(
                        words.getFirst(),
                        ipv4,
                        ipv6,
                        words.contains("default"),
                        words.contains("internal"),
                        reach);
        container.network(attachment);
    }

    private void port(String[] words) {
        InetSocketAddress host = socket(words[0]);
        container.port(
                host.getAddress().getHostAddress(), host.getPort(), Integer.parseInt(words[1]));
    }

    private void declare(String[] words) {
        endDeclaration();
        declared = words[0];
        origin = words[1];
    }

    private void endDeclaration() {
        if (!declared.isEmpty()) {
            machine.declarations.add(
                    new Declaration(
                            origin, new ServiceName(declared), Labels.of(settings), members));
        }
        declared = "";
        settings.clear();
        members.clear();
    }

    private void claim(String[] words) {
        endDeclaration();
        machine.claims.put(
                new Claimable(
                        PublishGrammar.published(words[0]), words.length == 3 ? words[2] : null),
                new ServiceName(words[1]));
    }

    private static InetSocketAddress socket(String text) {
        int colon = text.lastIndexOf(':');
        String host = text.substring(0, colon).replace("[", "").replace("]", "");
        return new InetSocketAddress(
                InetAddress.ofLiteral(host), Integer.parseInt(text.substring(colon + 1)));
    }
}
