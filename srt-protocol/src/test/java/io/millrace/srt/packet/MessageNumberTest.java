package io.millrace.srt.packet;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MessageNumberTest {
    @ParameterizedTest
    @CsvSource({
        "0, 1",
        "1, 2",
        "67_108_861, 67_108_862",
        "67_108_862, 67_108_863",
        // 0 is left out: it marks packets of the packet filter.
        "67_108_863, 1",
        "134_217_726, 1",
        "1_000_000_000_000, 10832438"
    })
    void countsFromOneToTheGreatestAndFromOneAgain(String offset, String number) {
        assertThat(MessageNumber.ofOffset(Long.parseLong(offset.replace("_", ""))))
                .isEqualTo(Integer.parseInt(number.replace("_", "")));
    }
}
