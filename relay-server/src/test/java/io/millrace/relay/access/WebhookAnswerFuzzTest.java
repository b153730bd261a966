package io.millrace.relay.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.relay.access.WebhookAnswer.Unusable;
import io.millrace.relay.access.WebhookAnswer.Usable;
import java.io.IOException;

class WebhookAnswerFuzzTest {
    private static final ObjectMapper LENIENT = new ObjectMapper();

    @FuzzTest(maxDuration = "5s")
    void anyBodyIsADecisionOrAFault(byte[] body) {
        WebhookAnswer answer = new WebhookAnswerReader(0).read(200, body, WebhookAnswerReaderTest.REQUEST);

        if (answer instanceof Usable usable) {
            assertThat(usable.ttlMillis()).isBetween(0L, 86_400_000L);
            if (usable.decision() instanceof Grant grant) {
                assertThat(StreamName.fault(grant.stream())).isNull();
                assertThat(allows(body)).isTrue();
            } else if (usable.decision() instanceof Refusal refusal) {
                assertThat(refusal.reason().code()).isGreaterThanOrEqualTo(1_000);
                assertThat(refusal.explanation())
                        .hasSizeLessThan(250)
                        .doesNotContain("battery staple")
                        .doesNotContainPattern("\\p{Cntrl}");
            }
        } else if (answer instanceof Unusable unusable) {
            assertThat(unusable.fault()).hasSizeLessThan(250).doesNotContainPattern("\\p{Cntrl}");
        }
    }

    private static boolean allows(byte[] body) {
        try {
            return LENIENT.readTree(body).path("allow").booleanValue();
        } catch (IOException e) {
            return false;
        }
    }
}
