package io.millrace.relay.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.relay.LoggedLines;
import org.junit.jupiter.api.Test;

class LoopMeterTest {
    private static final long SECOND_MICROS = 1_000_000;

    /** So far from now that another line would be due. */
    private static final long LATER_MICROS = 36_000_000_000L;

    private final LoopMeter meter = new LoopMeter(3, 0);
    /** Of a loop that has been running for long, so that its stalls are logged. */
    private final LoopMeter old = new LoopMeter(3, -3_600_000_000L);

    @Test
    void utilisationIsTheShareOfTheTimeThatTheLoopWorked() {
        work(0.25, 1);
        assertThat(meter.statistics().loop()).isEqualTo(3);
        assertThat(meter.statistics().takenMicros()).isEqualTo(SECOND_MICROS);
        assertThat(meter.statistics().lastSecond().utilisation()).isEqualTo(0.25);
        work(0.75, 2);
        assertThat(meter.statistics().lastSecond().utilisation()).isEqualTo(0.75);
        assertThat(meter.statistics().lastMinute().utilisation()).isEqualTo(0.5);
        assertThat(meter.statistics().sinceStart().utilisation()).isEqualTo(0.5);
    }

    @Test
    void theLastMinuteForgetsWhatIsOlder() {
        work(1, 1);
        for (int second = 2; second <= 61; second++) {
            work(0.1, second);
        }
        assertThat(meter.statistics().lastMinute().utilisation()).isEqualTo(0.1, within(1e-9));
        assertThat(meter.statistics().lastMinute().longestIterationMicros()).isEqualTo(100);
        assertThat(meter.statistics().lastMinute().iterations()).isEqualTo(60_000);
        assertThat(meter.statistics().sinceStart().longestIterationMicros()).isEqualTo(1_000);
        assertThat(meter.statistics().sinceStart().iterations()).isEqualTo(61_000);
    }

    @Test
    void waitingInVainIsNoIteration() {
        meter.iterationEnded(0);
        meter.iterationEnded(5_000);
        meter.secondEnded(SECOND_MICROS, 0);
        assertThat(meter.statistics().lastSecond().iterations()).isEqualTo(1);
    }

    @Test
    void timeOfTheThreadIsTakenAsDifference() {
        meter.secondEnded(SECOND_MICROS, 300_000_000);
        meter.secondEnded(2 * SECOND_MICROS, 500_000_000);
        assertThat(meter.statistics().lastSecond().cpuShare()).isEqualTo(0.2);
        assertThat(meter.statistics().sinceStart().cpuShare()).isEqualTo(0.25);
    }

    @Test
    void phasesAndBatchesAddUpAndTheRestIsOther() {
        meter.iterationEnded(100_000);
        meter.passEnded(10, 20, 30, 5);
        meter.passEnded(1, 2, 3, 0);
        meter.passEnded(0, 0, 0, 11);
        meter.sent(1);
        meter.sent(7);
        meter.forwarded(90);
        meter.secondEnded(SECOND_MICROS, 0);

        LoopWindow second = meter.statistics().lastSecond();
        assertThat(second.readingMicros()).isEqualTo(11);
        assertThat(second.handlingMicros()).isEqualTo(22);
        assertThat(second.sendingMicros()).isEqualTo(33);
        assertThat(second.otherMicros()).isEqualTo(34);
        assertThat(second.burstDatagrams().count()).isEqualTo(2);
        assertThat(second.burstDatagrams().mean()).isEqualTo(8);
        assertThat(second.burstDatagrams().greatest()).isEqualTo(11);
        assertThat(second.sendDatagrams().mean()).isEqualTo(4);
        assertThat(second.sendDatagrams().greatest()).isEqualTo(7);
        assertThat(second.forwardingMicros().quantile(1)).isEqualTo(90);

        meter.secondEnded(2 * SECOND_MICROS, 0);
        assertThat(meter.statistics().lastSecond().sendDatagrams().count()).isZero();
        assertThat(meter.statistics().lastSecond().readingMicros()).isZero();
        assertThat(meter.statistics().lastMinute().sendDatagrams().count()).isEqualTo(2);
    }

    @Test
    void aSecondEndsAtTheFirstTickAfterIt() {
        meter.ticked(LoopMeter.TICK_MICROS);
        assertThat(meter.isSecondOver()).isFalse();
        meter.ticked(SECOND_MICROS + 7);
        assertThat(meter.isSecondOver()).isTrue();
        meter.secondEnded(SECOND_MICROS + 7, 0);
        assertThat(meter.isSecondOver()).isFalse();
        assertThat(meter.statistics().lastSecond().wallMicros()).isEqualTo(SECOND_MICROS + 7);
    }

    @Test
    void delayIsHowLateATickIs() {
        try (LoggedLines log = new LoggedLines(StallReport.class.getName())) {
            old.ticked(20_000);
            old.iterationEnded(1_000);
            old.ticked(40_300);
            old.iterationEnded(1_000);
            old.ticked(60_301 + 150_000);
            old.iterationEnded(1_000);
            old.secondEnded(SECOND_MICROS, 0);
            assertThat(old.statistics().lastSecond().longestDelayMicros()).isEqualTo(150_001);
            assertThat(log.lines()).singleElement().asString().contains("Event loop 3 woke up 150 ms late");
        }
    }

    @Test
    void aTickThatTheLoopItselfHeldUpIsToldOfOnce() {
        try (LoggedLines log = new LoggedLines(StallReport.class.getName())) {
            old.ticked(LATER_MICROS);
            old.iterationEnded(1_000);
            old.iterationEnded(150_000_000);
            old.ticked(LATER_MICROS + 20_000 + 150_000);
            old.iterationEnded(1_000);
            assertThat(log.lines()).singleElement().asString().contains("Event loop 3 was busy for 150 ms");
        }
    }

    @Test
    void arrivalHoldsWhileItsMediaIsPassedOn() {
        assertThat(meter.forwardingSinceMicros()).isEqualTo(LoopMeter.NEVER);
        meter.forwarding(42, () -> assertThat(meter.forwardingSinceMicros()).isEqualTo(42));
        assertThat(meter.forwardingSinceMicros()).isEqualTo(LoopMeter.NEVER);
    }

    /** A thousand equal iterations in the second that ends then. */
    private void work(double utilisation, int endsSecond) {
        for (int i = 0; i < 1_000; i++) {
            meter.iterationEnded((long) (utilisation * 1e6));
        }
        meter.secondEnded(endsSecond * SECOND_MICROS, 0);
    }
}
