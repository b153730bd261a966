package io.millrace.relay.stats;

import java.util.Arrays;

/** Ten rows of a stream's seconds, or fewer, that become one. */
final class TenSeconds {
    private static final int SECONDS = 10;

    private final float[] sums = new float[StreamQuantity.values().length];
    private int rows;
    private int rowsWithRtt;
    private long epochSecond;

    /** Whether this second belongs to other ten than those before it. */
    boolean endsBefore(long second) {
        return rows > 0 && endOf(second) != epochSecond;
    }

    void add(long second, float[] row) {
        epochSecond = endOf(second);
        rows++;
        boolean rttIsKnown = !Float.isNaN(row[StreamQuantity.rttMeanMillis.ordinal()]);
        rowsWithRtt += rttIsKnown ? 1 : 0;
        for (StreamQuantity quantity : StreamQuantity.values()) {
            int column = quantity.ordinal();
            switch (quantity) {
                case inBitsPerSecond,
                        inRetransmittedBitsPerSecond,
                        outBitsPerSecond,
                        outRetransmittedBitsPerSecond,
                        lostPackets,
                        droppedPackets,
                        retransmittedPackets -> sums[column] += row[column];
                case rttMeanMillis -> sums[column] += rttIsKnown ? row[column] : 0;
                case rttMaxMillis -> sums[column] = rttIsKnown ? Math.max(sums[column], row[column]) : sums[column];
                case subscribers, bufferMillis -> sums[column] = Math.max(sums[column], row[column]);
            }
        }
    }

    /** The end of these ten. */
    long epochSecond() {
        return epochSecond;
    }

    /** What they amount to; begins anew. */
    float[] take() {
        float[] row = sums.clone();
        row[StreamQuantity.inBitsPerSecond.ordinal()] /= rows;
        row[StreamQuantity.inRetransmittedBitsPerSecond.ordinal()] /= rows;
        row[StreamQuantity.outBitsPerSecond.ordinal()] /= rows;
        row[StreamQuantity.outRetransmittedBitsPerSecond.ordinal()] /= rows;
        row[StreamQuantity.rttMeanMillis.ordinal()] /= rowsWithRtt;
        if (rowsWithRtt == 0) {
            row[StreamQuantity.rttMaxMillis.ordinal()] = Float.NaN;
        }
        Arrays.fill(sums, 0);
        rows = 0;
        rowsWithRtt = 0;
        return row;
    }

    private static long endOf(long second) {
        return (Math.floorDiv(second - 1, SECONDS) + 1) * SECONDS;
    }
}
