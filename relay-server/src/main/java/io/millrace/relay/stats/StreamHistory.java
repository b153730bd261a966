package io.millrace.relay.stats;

import io.millrace.relay.stats.ConnectionInfo.Role;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What became of one stream: every second of 15 minutes and every ten seconds of a day in which it had connections. */
public final class StreamHistory {
    static final int ROWS_OF_SECONDS = 900;
    static final int ROWS_OF_TEN_SECONDS = 8640;

    private static final int COLUMNS = StreamQuantity.values().length;
    private static final int CHUNK_OF_SECONDS = 60;
    private static final int CHUNK_OF_TEN_SECONDS = 360;
    /** What the next row may take at most. */
    static final int GREATEST_STEP_BYTES =
            History.chunkBytes(COLUMNS, CHUNK_OF_SECONDS) + History.chunkBytes(COLUMNS, CHUNK_OF_TEN_SECONDS);

    private final History seconds;
    private final History tens;
    private final TenSeconds ten = new TenSeconds();

    /** The second that has not ended; null without a connection in it. */
    private float @Nullable [] present;

    private long lastSecond;

    /** What a row is about. */
    public enum Resolution {
        SECOND,
        TEN_SECONDS
    }

    StreamHistory(HistoryMemory memory) {
        seconds = new History(memory, COLUMNS, ROWS_OF_SECONDS, CHUNK_OF_SECONDS);
        tens = new History(memory, COLUMNS, ROWS_OF_TEN_SECONDS, CHUNK_OF_TEN_SECONDS);
    }

    /** Of a stream of which nothing has been seen yet. */
    public static StreamHistory ofNothing() {
        return new StreamHistory(new HistoryMemory(0));
    }

    /** @param second what came of one of the stream's connections; null if nothing is known of it */
    synchronized void add(Role role, @Nullable LinkSecond second) {
        float[] row = present;
        if (row == null) {
            row = new float[COLUMNS];
            row[StreamQuantity.rttMeanMillis.ordinal()] = Float.NaN;
            row[StreamQuantity.rttMaxMillis.ordinal()] = Float.NaN;
            present = row;
        }
        if (role == Role.SUBSCRIBER) {
            row[StreamQuantity.subscribers.ordinal()]++;
            if (second != null) {
                addSubscriber(row, second);
            }
        } else if (second != null) {
            addPublisher(row, second);
        }
    }

    private static void addSubscriber(float[] row, LinkSecond second) {
        row[StreamQuantity.outBitsPerSecond.ordinal()] += (float) second.bitsPerSecond();
        row[StreamQuantity.outRetransmittedBitsPerSecond.ordinal()] += (float) second.retransmittedBitsPerSecond();
    }

    /** There may be two in one second, when one takes the other's place. */
    private static void addPublisher(float[] row, LinkSecond second) {
        row[StreamQuantity.inBitsPerSecond.ordinal()] += (float) second.bitsPerSecond();
        row[StreamQuantity.inRetransmittedBitsPerSecond.ordinal()] += (float) second.retransmittedBitsPerSecond();
        row[StreamQuantity.lostPackets.ordinal()] += second.lost();
        row[StreamQuantity.droppedPackets.ordinal()] += second.dropped();
        row[StreamQuantity.retransmittedPackets.ordinal()] += second.retransmitted();
        row[StreamQuantity.rttMeanMillis.ordinal()] = second.rttMeanMillis();
        row[StreamQuantity.rttMaxMillis.ordinal()] = second.rttMaxMillis();
        int buffer = StreamQuantity.bufferMillis.ordinal();
        row[buffer] = Math.max(row[buffer], second.bufferMaxMillis());
    }

    synchronized void secondPassed(long epochSecond) {
        if (ten.endsBefore(epochSecond)) {
            tens.add(ten.epochSecond(), ten.take());
        }
        float[] row = present;
        if (row != null) {
            present = null;
            lastSecond = epochSecond;
            seconds.add(epochSecond, row);
            ten.add(epochSecond, row);
        }
        if (ten.endsBefore(epochSecond + 1)) {
            tens.add(ten.epochSecond(), ten.take());
        }
    }

    /** Whether it had a connection in the second that has not ended. */
    synchronized boolean hasConnections() {
        return present != null;
    }

    /** The last second in which it had a connection. */
    synchronized long lastSecond() {
        return lastSecond;
    }

    synchronized boolean isEmpty() {
        return seconds.isEmpty() && tens.isEmpty();
    }

    /** Whether it is shorter than it should be, or empty, for want of memory. */
    public synchronized boolean lacksMemory(Resolution resolution) {
        return (resolution == Resolution.SECOND ? seconds : tens).lacksMemory();
    }

    /** The rows of this time, both ends included. */
    public synchronized HistoryRows between(Resolution resolution, Instant from, Instant to) {
        return (resolution == Resolution.SECOND ? seconds : tens).between(from.getEpochSecond(), to.getEpochSecond());
    }

    synchronized void release() {
        seconds.release();
        tens.release();
    }
}
