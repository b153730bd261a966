package io.millrace.relay.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;

class StreamRequestFuzzTest {
    @FuzzTest(maxDuration = "5s")
    void anyTextMakesAValidRequestOrARefusal(byte[] bytes) {
        String streamId = new String(bytes, StandardCharsets.UTF_8);

        ParsedStreamId parsed = StreamRequest.parse(streamId, null);

        assertThat(parsed.toString()).doesNotContainPattern("\\p{Cntrl}");
        if (parsed instanceof StreamRequest request) {
            assertThat(StreamName.fault(request.stream())).isNull();
            assertThat(request.stream().getBytes(StandardCharsets.UTF_8)).hasSizeBetween(1, 256);
            assertThat(request.keys()).hasSizeLessThanOrEqualTo(512);
        }
    }

    @FuzzTest(maxDuration = "5s")
    void anyTextIsShownOnOneShortLineWithoutItsSecret(byte[] bytes) {
        String streamId = new String(bytes, StandardCharsets.UTF_8);

        String shown = LoggableStreamId.of(streamId);

        assertThat(shown).hasSizeLessThanOrEqualTo(LoggableStreamId.MAX_LENGTH).doesNotContainPattern("\\p{Cntrl}");
        boolean hasSecret =
                StreamRequest.parse(streamId, null) instanceof StreamRequest request && request.secret() != null;
        if (hasSecret && !shown.endsWith("…")) {
            assertThat(shown).contains("***");
        }
    }
}
