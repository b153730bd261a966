package io.millrace.relay.stats;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.srt.connection.LegSample;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class LegSamplesTest {
    private final LegSamples samples = new LegSamples();
    private final LegReading reading = new LegReading();

    @Test
    void newestSamplesAreReadWithTheirOrder() {
        for (int i = 1; i <= 1_000; i++) {
            add(i);
        }
        samples.readInto(reading);

        assertThat(reading.count).isEqualTo(1_000);
        assertThat(reading.since(995)).isEqualTo(5);
        assertThat(reading.since(0)).isEqualTo(LegSamples.CAPACITY);
        assertThat(reading.newestMicros).isEqualTo(1_000);
        for (int back = 0; back < LegSamples.CAPACITY; back++) {
            assertThat(reading.rttMicros(back)).isEqualTo(1_000 - back);
            assertThat(reading.bufferMicros(back)).isEqualTo(2 * (1_000 - back));
        }
    }

    @Test
    @Timeout(60)
    void readerNeverSeesHalfASample() throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
            for (int i = 1; !done.get(); i++) {
                add(i);
            }
        });
        for (int i = 0; i < 20_000; i++) {
            samples.readInto(reading);
            if (reading.count > 0) {
                assertThat(reading.newest.rttMicros).isEqualTo((int) reading.count);
                assertThat(reading.newest.bytes).isEqualTo(reading.count);
                assertThat(reading.rttMicros(0)).isEqualTo((int) reading.count);
                assertThat(reading.bufferMicros(0)).isEqualTo(2 * (int) reading.count);
            }
        }
        done.set(true);
        writer.get(10, TimeUnit.SECONDS);
    }

    private void add(int i) {
        LegSample sample = new LegSample();
        sample.rttMicros = i;
        sample.bufferMicros = 2 * i;
        sample.bytes = i;
        samples.add(i, sample);
    }
}
