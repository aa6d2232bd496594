package dev.sameport.plane.proxy.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sameport.plane.proxy.http.TestHttp.Answer;
import dev.sameport.plane.proxy.http.TestHttp.Client;
import dev.sameport.plane.proxy.http.message.Corpus;
import dev.sameport.plane.proxy.http.message.Fault;
import org.junit.jupiter.api.Test;

/// The corpus, sent raw: what is refused reaches no endpoint, not even in part.
class CorpusTest {
    @Test
    void nothing_ambiguous_is_ever_forwarded_and_what_is_valid_arrives() throws Exception {
        try (Origins origin = Origins.saying("seen");
                TestHttp http = TestHttp.serving(origin)) {
            for (Corpus request : Corpus.requests()) {
                try (Client client = http.connect()) {
                    client.socket().getOutputStream().write(request.bytes());
                    Answer answer = client.answer();
                    if (!request.isValid()) {
                        Fault fault = Fault.valueOf(request.expected());
                        assertEquals(fault.status(), answer.status(), request.name());
                        assertEquals(0, origin.heads.size(), request.name());
                        assertEquals("close", answer.field("Connection"), request.name());
                    } else if (request.name().equals("connect")) {
                        assertEquals(405, answer.status());
                        assertEquals(0, origin.heads.size());
                    } else {
                        assertEquals(200, answer.status(), request.name());
                        assertEquals(1, origin.heads.size(), request.name());
                        String head = origin.heads.remove();
                        assertTrue(head.contains(" HTTP/1.1\r\n"), head);
                        assertEquals("127.0.0.1", Origins.field(head, "X-Forwarded-For"));
                    }
                }
            }
        }
    }
}
