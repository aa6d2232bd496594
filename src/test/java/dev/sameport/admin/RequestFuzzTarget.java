package dev.sameport.admin;

import dev.sameport.admin.RequestDecoder.State;
import java.nio.ByteBuffer;

/// Bytes on the control socket: never an exception, and what comes of a whole request does not
/// depend on how it was cut into pieces.
public final class RequestFuzzTarget {
    private RequestFuzzTarget() {}

    /// Called by the fuzzer.
    public static void fuzzerTestOneInput(byte[] input) {
        State whole = new RequestDecoder().decode(ByteBuffer.wrap(input));
        RequestDecoder decoder = new RequestDecoder();
        State inPieces = new State.Partial();
        for (int i = 0; i < input.length && inPieces instanceof State.Partial; i++) {
            inPieces = decoder.decode(ByteBuffer.wrap(input, i, 1));
        }
        if (whole instanceof State.Whole && !whole.equals(inPieces)) {
            throw new AssertionError(whole + ", but in pieces " + inPieces);
        }
        if (whole instanceof State.Whole(_, _, String body)) {
            try {
                Form form = Form.parse(body);
                if (!Form.parse(form.text()).text().equals(form.text())) {
                    throw new AssertionError("a form is read as another: " + form.text());
                }
            } catch (IllegalArgumentException _) {
                // Refused, as it says.
            }
        }
    }
}
