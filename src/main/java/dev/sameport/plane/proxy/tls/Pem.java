package dev.sameport.plane.proxy.tls;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/// A block of a PEM file (RFC 7468).
///
/// @param label what it is, such as `CERTIFICATE`
/// @param encrypted whether a passphrase is needed to read it
/// @param der its bytes
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record Pem(String label, boolean encrypted, byte[] der) {
    private static final String BEGIN = "-----BEGIN ";
    private static final String END = "-----END ";
    private static final String DASHES = "-----";
    private static final String FIX = "give a PEM file, whose blocks begin with -----BEGIN";

    boolean isCertificate() {
        return label.equals("CERTIFICATE") || label.equals("X509 CERTIFICATE");
    }

    boolean isPrivateKey() {
        return label.endsWith("PRIVATE KEY");
    }

    /// Every block of a file; what is between them is a comment.
    ///
    /// @throws BadCertificate where a block has no end, or isn't Base64
    static List<Pem> parse(byte[] file) throws BadCertificate {
        String text = new String(file, StandardCharsets.ISO_8859_1);
        List<Pem> blocks = new ArrayList<>();
        int at = text.indexOf(BEGIN);
        while (at >= 0) {
            int labelEnd = text.indexOf(DASHES, at + BEGIN.length());
            String label = labelEnd < 0 ? "" : text.substring(at + BEGIN.length(), labelEnd);
            int end = text.indexOf(END + label + DASHES, Math.max(labelEnd, 0));
            if (labelEnd < 0 || end < 0) {
                throw new BadCertificate("a PEM block " + label + " has no end", FIX);
            }
            blocks.add(block(label, text.substring(labelEnd + DASHES.length(), end)));
            at = text.indexOf(BEGIN, end);
        }
        return blocks;
    }

    private static Pem block(String label, String body) throws BadCertificate {
        // Keys of old tools have lines such as "Proc-Type: 4,ENCRYPTED" before an empty one.
        boolean encrypted = label.startsWith("ENCRYPTED") || body.contains("ENCRYPTED");
        StringBuilder base64 = new StringBuilder(body.length());
        body.lines().filter(line -> line.indexOf(':') < 0).forEach(l -> base64.append(l.strip()));
        try {
            return new Pem(
                    label,
                    encrypted,
                    encrypted ? new byte[0] : Base64.getDecoder().decode(base64.toString()));
        } catch (IllegalArgumentException malformed) {
            throw new BadCertificate("its PEM block " + label + " is not Base64", FIX);
        }
    }
}
