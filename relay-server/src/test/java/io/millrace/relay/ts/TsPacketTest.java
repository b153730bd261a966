package io.millrace.relay.ts;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What a packet may say and a reader must not believe. {@code TsRestampTest} has the header of a real one. */
class TsPacketTest {
    @Test
    void aClockInAFieldTooShortForItIsNone() {
        byte[] ts = TsPackets.pcr(0x100, 0, 27_000_000, false);
        assertThat(TsPacket.hasPcr(ts, 0)).isTrue();
        assertThat(TsPacket.pcr(ts, 0)).isEqualTo(27_000_000);

        ts[4] = 6;
        assertThat(TsPacket.hasPcr(ts, 0)).isFalse();
    }

    @Test
    void anAdaptationFieldThatIsTooLongLeavesNoPayload() {
        byte[] ts = TsPackets.pcr(0x100, 0, 0, false);
        ts[4] = (byte) 255;

        assertThat(TsPacket.payloadOffset(ts, 0)).isEqualTo(TsPacket.LENGTH);
    }

    @Test
    void aPacketWithoutPayloadHasNone() {
        byte[] ts = TsPackets.withoutPayload(0x1FFE, 3);

        assertThat(TsPacket.hasPayload(ts, 0)).isFalse();
        assertThat(TsPacket.payloadOffset(ts, 0)).isEqualTo(TsPacket.LENGTH);
        assertThat(TsPacket.pid(ts, 0)).isEqualTo(0x1FFE);
    }
}
