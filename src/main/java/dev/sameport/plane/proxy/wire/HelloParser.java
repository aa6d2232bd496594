package dev.sameport.plane.proxy.wire;

import dev.sameport.plane.proxy.wire.ClientHello.Named;
import dev.sameport.plane.proxy.wire.ClientHello.Outcome;
import dev.sameport.plane.proxy.wire.ClientHello.Refused;
import org.jspecify.annotations.Nullable;

/// Takes the body of one whole ClientHello apart.
final class HelloParser {
    private static final int VERSION_AND_RANDOM = 2 + 32;
    private static final int LONGEST_SESSION = 32;
    private static final int SERVER_NAME = 0;
    private static final int HOST_NAME = 0;
    private static final int LONGEST_NAME = 253;

    /// Ends the reading of a malformed message.
    private static final class Malformed extends Exception {
        private static final long serialVersionUID = 1;

        Malformed(String what) {
            super(what, null, false, false); // Without a stack: clients can cause it at will.
        }

        String what() {
            return String.valueOf(getMessage());
        }
    }

    private final HelloBytes in;

    /// Bytes of the message that are left; more may follow that are not part of it.
    private int left;

    private HelloParser(HelloBytes in, int size) {
        this.in = in;
        this.left = size;
    }

    static Outcome parse(HelloBytes in, int size) {
        try {
            return new Named(new HelloParser(in, size).serverName());
        } catch (Malformed malformed) {
            return new Refused(malformed.what());
        }
    }

    private @Nullable String serverName() throws Malformed {
        skip(VERSION_AND_RANDOM);
        int session = number(1);
        check(session <= LONGEST_SESSION, "the session id is too long");
        skip(session);
        int suites = number(2);
        check(suites >= 2 && suites % 2 == 0, "the cipher suites are malformed");
        skip(suites);
        int compressions = number(1);
        check(compressions >= 1, "there is no compression method");
        skip(compressions);
        return left == 0 ? null : extensions();
    }

    private @Nullable String extensions() throws Malformed {
        check(number(2) == left, "the extensions don't end with the message");
        String name = null;
        while (left > 0) {
            int type = number(2);
            int length = number(2);
            check(length <= left, "an extension is cut off");
            if (type == SERVER_NAME) {
                check(name == null, "there is more than one server name");
                name = name(length);
            } else {
                skip(length);
            }
        }
        return name;
    }

    private String name(int length) throws Malformed {
        check(length >= 2 && number(2) == length - 2, "the list of server names is malformed");
        check(length >= 5 && number(1) == HOST_NAME, "the server name is of another type");
        int size = number(2);
        check(size == length - 5, "there is not exactly one server name");
        check(size >= 1 && size <= LONGEST_NAME, "the server name has " + size + " bytes");
        char[] name = new char[size];
        for (int i = 0; i < size; i++) {
            name[i] = lower(number(1));
            boolean dotMisplaced = name[i] == '.' && (i == 0 || name[i - 1] == '.');
            check(!dotMisplaced, "the server name has an empty label");
        }
        check(name[size - 1] != '.', "the server name ends with a dot");
        return new String(name);
    }

    private static char lower(int character) throws Malformed {
        boolean capital = character >= 'A' && character <= 'Z';
        boolean letter = character >= 'a' && character <= 'z';
        boolean digit = character >= '0' && character <= '9';
        boolean mark = character == '-' || character == '.' || character == '_';
        check(
                capital || letter || digit || mark,
                "the server name has a character that is not allowed");
        return (char) (capital ? character + ('a' - 'A') : character);
    }

    private int number(int bytes) throws Malformed {
        check(bytes <= left, "the message is cut off");
        left -= bytes;
        int value = 0;
        for (int i = 0; i < bytes; i++) {
            value = value << 8 | in.next();
        }
        return value;
    }

    private void skip(int bytes) throws Malformed {
        check(bytes <= left, "the message is cut off");
        left -= bytes;
        in.skip(bytes);
    }

    private static void check(boolean holds, String what) throws Malformed {
        if (!holds) {
            throw new Malformed(what);
        }
    }
}
