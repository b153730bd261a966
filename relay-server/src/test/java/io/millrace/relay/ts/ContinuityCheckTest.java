package io.millrace.relay.ts;

import static io.millrace.relay.ts.ContinuityCheck.Result.BROKEN;
import static io.millrace.relay.ts.ContinuityCheck.Result.CONTINUOUS;
import static io.millrace.relay.ts.ContinuityCheck.Result.DUPLICATE;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ContinuityCheckTest {
    private static final int PID = 0x100;

    private final ContinuityCheck check = new ContinuityCheck();

    @Test
    void theCounterWrapsAndEachPidHasItsOwn() {
        for (int i = 0; i < 40; i++) {
            assertThat(payload(PID, i)).isEqualTo(CONTINUOUS);
            assertThat(payload(PID + 1, 3 + i)).isEqualTo(CONTINUOUS);
        }
    }

    @Test
    void aGapIsToldOnce() {
        payload(PID, 0);
        assertThat(payload(PID, 2)).isEqualTo(BROKEN);
        assertThat(payload(PID, 3)).isEqualTo(CONTINUOUS);
    }

    @Test
    void onePacketMayComeTwiceButNotThreeTimes() {
        payload(PID, 4);
        assertThat(payload(PID, 4)).isEqualTo(DUPLICATE);
        assertThat(payload(PID, 4)).isEqualTo(BROKEN);
        assertThat(payload(PID, 5)).isEqualTo(CONTINUOUS);
        assertThat(payload(PID, 5)).isEqualTo(DUPLICATE);
    }

    @Test
    void packetsWithoutPayloadDoNotCount() {
        payload(PID, 15);
        assertThat(check.check(TsPackets.withoutPayload(PID, 15), 0)).isEqualTo(CONTINUOUS);
        assertThat(payload(PID, 0)).isEqualTo(CONTINUOUS);
        assertThat(check.check(TsPackets.withoutPayload(PID, 1), 0)).isEqualTo(BROKEN);
    }

    @Test
    void anAnnouncedDiscontinuityIsNoError() {
        payload(PID, 1);
        assertThat(check.check(TsPackets.pcr(PID, 9, 0, true), 0)).isEqualTo(CONTINUOUS);
        assertThat(payload(PID, 10)).isEqualTo(CONTINUOUS);
    }

    @Test
    void nullPacketsHaveNoOrder() {
        payload(TsPacket.NULL_PID, 1);
        assertThat(payload(TsPacket.NULL_PID, 9)).isEqualTo(CONTINUOUS);
    }

    private ContinuityCheck.Result payload(int pid, int counter) {
        return check.check(TsPackets.payload(pid, counter), 0);
    }
}
