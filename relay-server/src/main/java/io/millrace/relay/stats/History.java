package io.millrace.relay.stats;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Rows of numbers with their times, the newest so many of them. Memory is taken in chunks as it is needed; where there is no
 * more, the oldest chunk is used again, so that a history is shorter than it should be, and empty where there was none from
 * the start. Used by one thread at a time.
 */
final class History {
    private static final int OBJECT_BYTES = 80;

    private final HistoryMemory memory;
    private final int columns;
    private final int rowsPerChunk;
    private final int maximumChunks;
    private final Deque<Chunk> chunks = new ArrayDeque<>(1);
    private boolean lacksMemory;

    private static final class Chunk {
        final long[] epochSeconds;
        final float[] values;
        int rows;

        Chunk(int rows, int columns) {
            epochSeconds = new long[rows];
            values = new float[rows * columns];
        }
    }

    /** @param rows how many to keep at least, a multiple of {@code rowsPerChunk} */
    History(HistoryMemory memory, int columns, int rows, int rowsPerChunk) {
        this.memory = memory;
        this.columns = columns;
        this.rowsPerChunk = rowsPerChunk;
        // One more, of which a part is old already while another part is not filled yet.
        maximumChunks = rows / rowsPerChunk + 1;
    }

    /** What one chunk takes. */
    static int chunkBytes(int columns, int rowsPerChunk) {
        return rowsPerChunk * (Long.BYTES + columns * Float.BYTES) + OBJECT_BYTES;
    }

    /** Adds a row; false if there is no memory for it. */
    boolean add(long epochSecond, float[] row) {
        Chunk chunk = chunks.peekLast();
        if (chunk == null || chunk.rows == rowsPerChunk) {
            chunk = nextChunk();
            if (chunk == null) {
                return false;
            }
        }
        chunk.epochSeconds[chunk.rows] = epochSecond;
        System.arraycopy(row, 0, chunk.values, chunk.rows * columns, columns);
        chunk.rows++;
        return true;
    }

    private @Nullable Chunk nextChunk() {
        boolean complete = chunks.size() == maximumChunks;
        lacksMemory = !complete && !memory.take(chunkBytes(columns, rowsPerChunk));
        if (!complete && !lacksMemory) {
            Chunk chunk = new Chunk(rowsPerChunk, columns);
            chunks.addLast(chunk);
            return chunk;
        }
        Chunk oldest = chunks.pollFirst();
        if (oldest != null) {
            oldest.rows = 0;
            chunks.addLast(oldest);
        }
        return oldest;
    }

    /** Whether it is shorter than it should be, or empty, because there was no memory when it last needed some. */
    boolean lacksMemory() {
        return lacksMemory;
    }

    boolean isEmpty() {
        return chunks.isEmpty();
    }

    /** A copy of the rows of this time, both ends included, in the order in which they were added. */
    HistoryRows between(long fromEpochSecond, long toEpochSecond) {
        long[] times = new long[chunks.size() * rowsPerChunk];
        float[][] values = new float[columns][times.length];
        int count = 0;
        for (Chunk chunk : chunks) {
            for (int row = 0; row < chunk.rows; row++) {
                long time = chunk.epochSeconds[row];
                if (time >= fromEpochSecond && time <= toEpochSecond) {
                    times[count] = time;
                    for (int column = 0; column < columns; column++) {
                        values[column][count] = chunk.values[row * columns + column];
                    }
                    count++;
                }
            }
        }
        for (int column = 0; column < columns; column++) {
            values[column] = Arrays.copyOf(values[column], count);
        }
        return new HistoryRows(Arrays.copyOf(times, count), values);
    }

    /** Gives its memory back; it is empty then. */
    void release() {
        memory.giveBack((long) chunks.size() * chunkBytes(columns, rowsPerChunk));
        chunks.clear();
    }
}
