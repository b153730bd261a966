package io.millrace.srt.receive;

import io.millrace.srt.packet.PacketTimestamp;

/**
 * Maps a sender's timestamps to this process's clock: the TSBPD time base with its drift. draft-sharabayko-srt §4.5.
 *
 * <p>Timestamps are unwrapped against the present time, so there is no wrapping period to watch for (§4.5.1.1): a packet
 * can't be half a wrap, 35 minutes, away from now.
 */
public final class TsbpdClock {
    /** Drift is judged by the mean of this many samples, §4.7. */
    private static final int DRIFT_SAMPLES = 1000;
    /** Drift beyond this moves into the time base. */
    private static final long MAX_DRIFT_MICROS = 5_000;

    /** An origin time outside of these bounds around now is a broken clock, not network delay. */
    private static final long MAX_PAST_MICROS = 30_000_000;

    private static final long MAX_FUTURE_MICROS = 10_000_000;

    private long baseMicros;
    private long driftMicros;

    private long driftSum;
    private int driftSamples;
    private long firstRttMicros = -1;

    /**
     * @param arrivalMicros when the packet with the HSREQ or HSRSP arrived
     * @param timestamp of that packet
     */
    public TsbpdClock(long arrivalMicros, int timestamp) {
        // Taken as unsigned: a connection may be older than 35 minutes when it shakes hands again.
        baseMicros = arrivalMicros - Integer.toUnsignedLong(timestamp);
    }

    /**
     * When the sender produced the packet with this timestamp, on our clock and as if the network took no longer than it
     * took for the handshake. A timestamp that can't be true counts as now.
     */
    public long originMicros(int timestamp, long nowMicros) {
        long origin = undrifted(timestamp, nowMicros) + driftMicros;
        return origin < nowMicros - MAX_PAST_MICROS || origin > nowMicros + MAX_FUTURE_MICROS ? nowMicros : origin;
    }

    /**
     * Takes a sample of the drift from a control packet that was sent at {@code timestamp}.
     *
     * @param rttMicros the round trip that this packet ended, or -1 where it ended none (keep-alive)
     */
    public void sampleDrift(int timestamp, long nowMicros, long rttMicros) {
        long correction = 0;
        if (rttMicros >= 0) {
            if (firstRttMicros < 0) {
                firstRttMicros = rttMicros;
            }
            correction = (rttMicros - firstRttMicros) / 2;
        }
        long sample = nowMicros - undrifted(timestamp, nowMicros) - correction;
        if (Math.abs(sample) > MAX_PAST_MICROS) {
            return;
        }
        driftSum += sample;
        if (++driftSamples < DRIFT_SAMPLES) {
            return;
        }
        driftMicros = driftSum / DRIFT_SAMPLES;
        driftSum = 0;
        driftSamples = 0;
        if (Math.abs(driftMicros) > MAX_DRIFT_MICROS) {
            long overdrift = driftMicros > 0 ? MAX_DRIFT_MICROS : -MAX_DRIFT_MICROS;
            baseMicros += overdrift;
            driftMicros -= overdrift;
        }
    }

    private long undrifted(int timestamp, long nowMicros) {
        return baseMicros + PacketTimestamp.unwrap(timestamp, nowMicros - baseMicros);
    }
}
