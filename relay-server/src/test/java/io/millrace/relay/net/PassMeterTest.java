package io.millrace.relay.net;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PassMeterTest {
    private final LoopMeter loop = new LoopMeter(0, 0);
    private final UdpCounters counters = new UdpCounters(loop);
    private final PassMeter meter = new PassMeter(loop, counters);

    @Test
    void aBurstIsReadHandledAndSent() {
        read(1_000);
        read(1_010);
        read(1_020);
        meter.handles(1_030);
        meter.sends(1_070);
        meter.ends(1_270, false);

        LoopWindow second = second();
        assertThat(second.readingMicros()).isEqualTo(30);
        assertThat(second.handlingMicros()).isEqualTo(40);
        assertThat(second.sendingMicros()).isEqualTo(200);
        assertThat(second.burstDatagrams().greatest()).isEqualTo(3);
        assertThat(second.burstDatagrams().count()).isEqualTo(1);
    }

    @Test
    void aPassOfTheTimerReadsNothing() {
        read(1_000);
        pass(1_010, 0);
        pass(9_000, 0);

        LoopWindow second = second();
        assertThat(second.readingMicros()).isEqualTo(10);
        assertThat(second.burstDatagrams().count()).isEqualTo(1);
    }

    @Test
    void whatAPassWorksOnArrivedWithItsFirstDatagramOrWhenItBegan() {
        read(1_000);
        read(1_005);
        meter.handles(1_010);
        assertThat(meter.sinceMicros()).isEqualTo(1_000);
        meter.sends(1_011);
        meter.ends(1_012, false);
        meter.handles(2_000);
        assertThat(meter.sinceMicros()).isEqualTo(2_000);
    }

    @Test
    void forwardingLastsFromTheArrivalToTheEndOfTheSendThatCarriesIt() {
        loop.forwarding(500, meter::wakes);
        loop.forwarding(700, meter::wakes);
        pass(1_000, 4);

        Distribution forwarding = second().forwardingMicros();
        assertThat(forwarding.count()).isEqualTo(1);
        assertThat(forwarding.greatest()).isEqualTo(1_000 + 20 - 500);
    }

    @Test
    void whatSendsNothingOrNoMediaForwardsNothing() {
        meter.wakes();
        pass(1_000, 4);
        loop.forwarding(2_000, meter::wakes);
        pass(2_100, 0);
        pass(2_200, 4);
        assertThat(second().forwardingMicros().count()).isZero();
    }

    private void read(long nowMicros) {
        meter.reads(nowMicros);
        counters.datagramsIn++;
    }

    @Test
    void forwardingThatTakesSeveralPassesLastsUntilTheLastOne() {
        loop.forwarding(500, meter::wakes);
        pass(1_000, 4, true);
        pass(1_100, 4, false);

        Distribution forwarding = second().forwardingMicros();
        assertThat(forwarding.count()).isEqualTo(1);
        assertThat(forwarding.greatest()).isEqualTo(1_100 + 20 - 500);
    }

    private void pass(long nowMicros, int datagramsOut) {
        pass(nowMicros, datagramsOut, false);
    }

    private void pass(long nowMicros, int datagramsOut, boolean more) {
        meter.handles(nowMicros);
        meter.sends(nowMicros + 10);
        counters.datagramsOut += datagramsOut;
        meter.ends(nowMicros + 20, more);
    }

    private LoopWindow second() {
        loop.secondEnded(1_000_000, 0);
        return loop.statistics().lastSecond();
    }
}
