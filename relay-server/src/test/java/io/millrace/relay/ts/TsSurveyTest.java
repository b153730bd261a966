package io.millrace.relay.ts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.relay.demo.DemoClip;
import org.junit.jupiter.api.Test;

class TsSurveyTest {
    private final TsSurvey survey = new TsSurvey();

    @Test
    void theDemoClipIsWithoutFault() {
        DemoClip clip = DemoClip.load();
        for (int i = 0; i < 1_000; i++) {
            survey.take(clip.next());
        }

        TsSummary summary = survey.summary();
        assertThat(summary.isTransportStream()).isTrue();
        assertThat(summary.packets()).isEqualTo(7_000);
        assertThat(summary.continuityErrors()).isZero();
        assertThat(summary.skippedBytes()).isZero();
        assertThat(summary.programs()).singleElement().satisfies(program -> {
            assertThat(program.streams()).extracting(ElementaryStream::codec).containsExactly("H.264", "AAC");
            assertThat(program.pcrPid()).isEqualTo(0x100);
        });
        assertThat(summary.clocks()).singleElement().satisfies(clock -> {
            assertThat(clock.jumps()).isZero();
            assertThat(clock.longestIntervalMillis()).isBetween(1.0, 100.0);
            // 64,000 ticks a packet.
            assertThat(clock.elapsedMillis()).isCloseTo(7_000 * 64_000 / 27_000.0, within(100.0));
        });
    }

    @Test
    void missingPayloadsAreContinuityErrors() {
        DemoClip clip = DemoClip.load();
        for (int i = 0; i < 1_000; i++) {
            byte[] payload = clip.next();
            if (i != 500) {
                survey.take(payload);
            }
        }

        assertThat(survey.summary().continuityErrors()).isBetween(1L, 3L);
    }

    @Test
    void bytesOfSomethingElseAreNoTransportStream() {
        survey.take(new byte[100_000]);

        assertThat(survey.summary().isTransportStream()).isFalse();
        assertThat(survey.summary().packets()).isZero();
        assertThat(survey.summary().nullShare()).isZero();
    }

    @Test
    void brokenPacketsCountAndSayNothingElse() {
        byte[] broken = TsPackets.section(0, 0, TsPackets.pat(0, 1, 0x100));
        broken[1] |= (byte) 0x80;
        survey.take(broken);

        assertThat(survey.summary().transportErrors()).isEqualTo(1);
        assertThat(survey.summary().hasPat()).isFalse();
    }
}
