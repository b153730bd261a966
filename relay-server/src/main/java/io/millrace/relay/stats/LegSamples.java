package io.millrace.relay.stats;

import io.millrace.srt.connection.LegSample;
import java.util.concurrent.locks.StampedLock;

/**
 * The samples of the last 12.8 seconds of a connection, ten a second. One writer, the connection's loop, which never waits:
 * readers copy, and copy again if something was written meanwhile.
 */
public final class LegSamples {
    /** How often to sample. */
    public static final int INTERVAL_MILLIS = 100;

    static final int CAPACITY = 128;

    private final StampedLock lock = new StampedLock();
    private final int[] rttMicros = new int[CAPACITY];
    private final int[] bufferMicros = new int[CAPACITY];
    private final LegSample newest = new LegSample();
    private long newestMicros;
    private long count;

    /** On the connection's loop. */
    public void add(long nowMicros, LegSample sample) {
        // Readers never take the lock, so there is nothing to wait for.
        long stamp = lock.writeLock();
        int slot = (int) (count % CAPACITY);
        rttMicros[slot] = sample.rttMicros;
        bufferMicros[slot] = sample.bufferMicros;
        newest.set(sample);
        newestMicros = nowMicros;
        count++;
        lock.unlockWrite(stamp);
    }

    /** Everything there is at present. */
    void readInto(LegReading reading) {
        long stamp;
        do {
            stamp = lock.tryOptimisticRead();
            System.arraycopy(rttMicros, 0, reading.rttMicros, 0, CAPACITY);
            System.arraycopy(bufferMicros, 0, reading.bufferMicros, 0, CAPACITY);
            reading.newest.set(newest);
            reading.newestMicros = newestMicros;
            reading.count = count;
        } while (!lock.validate(stamp));
    }
}
