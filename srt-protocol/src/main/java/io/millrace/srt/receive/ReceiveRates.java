package io.millrace.srt.receive;

import io.millrace.srt.packet.DataHeader;
import java.util.Arrays;

/**
 * What the receiver measures of the link and reports in full ACKs: packet and byte rate, and the link's capacity from
 * packet pairs that were sent back to back. draft-sharabayko-srt §5.1.3; the windows and the median filter are libsrt's.
 */
final class ReceiveRates {
    private static final int ARRIVALS = 16;
    private static final int PROBES = 64;
    /** Every packet whose number is a multiple of this is followed by its successor without a pause. */
    private static final int PROBE_INTERVAL = 16;

    private final int maximumPayload;

    private final int[] arrivalGaps = new int[ARRIVALS];
    private final int[] arrivalBytes = new int[ARRIVALS];
    private int arrivals;
    private long lastArrivalMicros = -1;

    private final int[] probeGaps = new int[PROBES];
    private int probes;
    private long probeStartMicros;
    private int probeFirst = -1;

    private final int[] sorted = new int[PROBES];

    /** @param maximumPayload bytes that a packet can carry, to which probes are scaled */
    ReceiveRates(int maximumPayload) {
        this.maximumPayload = maximumPayload;
        Arrays.fill(arrivalGaps, 1_000_000);
        Arrays.fill(probeGaps, 1_000);
    }

    /** Notes a data packet; retransmissions and packets out of order take no part in probing. */
    void onArrival(long nowMicros, int sequenceNumber, int payloadLength, boolean original, boolean inOrder) {
        if (lastArrivalMicros >= 0) {
            arrivalGaps[arrivals] = (int) Math.min(nowMicros - lastArrivalMicros, 1_000_000);
            arrivalBytes[arrivals] = payloadLength + DataHeader.COUNTED_LENGTH;
            arrivals = (arrivals + 1) % ARRIVALS;
        }
        lastArrivalMicros = nowMicros;

        int place = sequenceNumber % PROBE_INTERVAL;
        if (!original || !inOrder) {
            probeFirst = -1;
        } else if (place == 0) {
            probeFirst = sequenceNumber;
            probeStartMicros = nowMicros;
        } else if (place == 1 && probeFirst == sequenceNumber - 1) {
            long gap = nowMicros - probeStartMicros;
            // A short packet takes less time on the wire; libsrt scales it up to a full one.
            long scaled = payloadLength > 0 ? gap * maximumPayload / payloadLength : gap;
            probeGaps[probes] = (int) Math.min(Math.max(scaled, 1), 1_000_000);
            probes = (probes + 1) % PROBES;
            probeFirst = -1;
        }
    }

    /** Packets per second, 0 where the arrivals are too uneven to tell. */
    int packetsPerSecond() {
        return perSecond(false);
    }

    /** Bytes per second with headers, 0 where the arrivals are too uneven to tell. */
    int bytesPerSecond() {
        return perSecond(true);
    }

    /** Estimated capacity of the link in full packets per second. */
    int linkCapacityPackets() {
        int median = median(probeGaps, PROBES);
        long sum = median;
        int count = 1;
        for (int gap : probeGaps) {
            if (isNear(gap, median)) {
                sum += gap;
                count++;
            }
        }
        return (int) Math.ceil(1e6 * count / sum);
    }

    private int perSecond(boolean inBytes) {
        int median = median(arrivalGaps, ARRIVALS);
        long sum = 0;
        long amount = 0;
        int count = 0;
        for (int i = 0; i < ARRIVALS; i++) {
            if (isNear(arrivalGaps[i], median)) {
                sum += arrivalGaps[i];
                amount += inBytes ? arrivalBytes[i] : 1;
                count++;
            }
        }
        return count > ARRIVALS / 2 && sum > 0 ? (int) Math.min(Math.ceil(1e6 * amount / sum), Integer.MAX_VALUE) : 0;
    }

    private static boolean isNear(int gap, int median) {
        return gap > median / 8 && gap < (long) median * 8;
    }

    private int median(int[] values, int count) {
        System.arraycopy(values, 0, sorted, 0, count);
        Arrays.sort(sorted, 0, count);
        return sorted[count / 2];
    }
}
