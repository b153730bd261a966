package io.millrace.relay.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LoadSubscriberTest {
    private final MeasuredWindow window = new MeasuredWindow();
    private final DeliveryMeter meter = new DeliveryMeter();
    private final LoadSubscriber subscriber = new LoadSubscriber(0, window, meter);

    LoadSubscriberTest() {
        window.set(1_000, 2_000);
    }

    @Test
    void countsWhatOfTheWindowDidNotArrive() {
        receive(9, 999);
        receive(12, 1_400);
        receive(10, 1_000);
        receive(14, 2_000);

        assertThat(subscriber.outcome(new PayloadRange(10, 14)).missing()).isEqualTo(2);
        assertThat(meter.next().getTotalCount()).isEqualTo(2);
    }

    @Test
    void countsWhatArrivedTwiceAndMetersItOnce() {
        receive(10, 1_000);
        receive(10, 1_000);

        LoadSubscriber.Outcome outcome = subscriber.outcome(new PayloadRange(10, 11));
        assertThat(outcome.missing()).isZero();
        assertThat(outcome.duplicates()).isEqualTo(1);
        assertThat(meter.next().getTotalCount()).isEqualTo(1);
    }

    @Test
    void aBrokenPayloadIsCorruptedAndMissing() {
        byte[] payload = TestPayload.create(0, 10, 1_000);
        payload[1_000]++;
        subscriber.received(0, 0, payload);

        LoadSubscriber.Outcome outcome = subscriber.outcome(new PayloadRange(10, 11));
        assertThat(outcome.corrupted()).isEqualTo(1);
        assertThat(outcome.missing()).isEqualTo(1);
    }

    @Test
    void whoNeverConnectedIsNotPerfect() {
        assertThat(subscriber.outcome(new PayloadRange(0, 0)).isPerfect()).isFalse();
    }

    private void receive(long number, long sentMicros) {
        subscriber.received(0, 0, TestPayload.create(0, number, sentMicros));
    }
}
