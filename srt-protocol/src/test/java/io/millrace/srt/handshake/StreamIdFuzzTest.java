package io.millrace.srt.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;

class StreamIdFuzzTest {
    @FuzzTest(maxDuration = "5s")
    void anyTextIsReadOrRefused(byte[] bytes) {
        StreamId streamId = StreamId.parse(new String(bytes, StandardCharsets.UTF_8));

        if (streamId == null) {
            return;
        }
        assertThat(streamId.values()).hasSizeLessThanOrEqualTo(StreamId.MAX_KEYS);
        streamId.values().forEach((key, value) -> {
            assertThat(key).isNotEmpty().isEqualTo(key.strip()).doesNotContain("=", ",");
            assertThat(value).doesNotContain(",");
        });
        StreamId again = StreamId.parse(streamId.text());
        // Keys of nested blocks repeat the names of the outer ones, and a key without a value gets a '='.
        if (again != null) {
            assertThat(again).isEqualTo(streamId);
        } else {
            assertThat(streamId.text().getBytes(StandardCharsets.UTF_8)).hasSizeGreaterThan(StreamId.MAX_BYTES);
        }
    }
}
