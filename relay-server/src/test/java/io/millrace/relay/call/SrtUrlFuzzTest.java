package io.millrace.relay.call;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;

class SrtUrlFuzzTest {
    @FuzzTest(maxDuration = "5s")
    void anyTextIsAUrlOrToldWhy(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        try {
            SrtUrl url = SrtUrl.parse(text);

            assertThat(url.port()).isBetween(1, 65_535);
            assertThat(url.streamId().getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(512);
            assertThat(SrtUrl.parse(url.toString()).host()).isEqualTo(url.host());
        } catch (IllegalArgumentException e) {
            assertThat(e).isExactlyInstanceOf(IllegalArgumentException.class).hasMessageContaining(" ");
        }
    }
}
