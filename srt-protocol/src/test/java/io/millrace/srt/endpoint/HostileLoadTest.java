package io.millrace.srt.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.srt.receive.Delivery;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** So much hostile traffic that what it leaves behind, or what it costs each time, would show. */
@Tag("any-jdk")
class HostileLoadTest {
    private static final int DATAGRAMS = 100_000;
    /** Virtual time between two datagrams. */
    private static final long INTERVAL_MICROS = 1_000;

    private final AttackedListener target = new AttackedListener(Delivery.ON_ARRIVAL);
    private final HostileInputs attacker = new HostileInputs(target, new Random(1));

    @Test
    void noiseLeavesNothingBehind() {
        for (int i = 0; i < DATAGRAMS; i++) {
            attacker.noise();
            if (i % 20 == 0) {
                target.advance(20 * INTERVAL_MICROS);
            }
        }

        target.assertNoHarm();
        assertThat(target.open()).isEmpty();
    }

    @Test
    void damagedPacketsLeaveNoMoreThanTheirSendersConnections() {
        for (int i = 0; i < DATAGRAMS; i++) {
            attacker.attack();
            if (i % 20 == 0) {
                target.advance(20 * INTERVAL_MICROS);
            }
        }

        target.assertNoHarm();
        // Whoever proves an address and asks gets in, here; and is forgotten when it falls silent.
        target.advance(6_000_000);
        assertThat(target.open()).isEmpty();
        assertThat(target.listener.endpoint.connectionCount()).isEqualTo(1);
    }
}
