package dev.sameport.admin;

import dev.sameport.model.Addresses;
import dev.sameport.model.EndpointSpec;
import dev.sameport.model.PublishedPort;
import dev.sameport.model.Service;

/// What a person named: a service, a published port or a container.
record Subject(String text) {
    private static final int SHORTEST_ID = 4;

    boolean names(Service service) {
        return service.name().value().equals(text);
    }

    /// `80`, `80/tcp`, `127.0.0.1:80` and `127.0.0.1:80/tcp` name a port.
    boolean names(PublishedPort port) {
        String whole = port.text();
        String plain = whole.substring(0, whole.indexOf('/'));
        return text.equals(whole)
                || text.equals(plain)
                || text.equals(Integer.toString(port.port()))
                || text.equals(port.port() + "/" + port.protocol().text());
    }

    /// A replica's name, its id or the beginning of it, or an address of the endpoint.
    boolean names(EndpointSpec endpoint) {
        String id = endpoint.id().replica().id();
        return text.equals(endpoint.name())
                || text.equals(endpoint.name() + ":" + endpoint.id().port())
                || (text.length() >= SHORTEST_ID && id.startsWith(text))
                || endpoint.addresses().all().stream()
                        .anyMatch(address ->
                                text.equals(Addresses.text(address))
                                        || text.equals(Addresses.plain(address.getAddress())));
    }

    /// Whether `line` says the word, which is not empty, as a word of its own.
    static boolean mentioned(String word, String line) {
        if (word.isEmpty()) {
            throw new IllegalArgumentException("an empty word is in every line");
        }
        for (int at = line.indexOf(word); at >= 0; at = line.indexOf(word, at + 1)) {
            if (!inWord(line, at - 1) && !inWord(line, at + word.length())) {
                return true;
            }
        }
        return false;
    }

    private static boolean inWord(String line, int at) {
        if (at < 0 || at >= line.length()) {
            return false;
        }
        char character = line.charAt(at);
        return Character.isLetterOrDigit(character) || character == '_' || character == '-';
    }
}
