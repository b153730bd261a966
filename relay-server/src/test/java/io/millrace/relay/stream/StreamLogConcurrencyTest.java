package io.millrace.relay.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.srt.packet.Payload;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One writer and several readers at full speed: what a reader gets is right, whoever is faster. */
class StreamLogConcurrencyTest {
    private static final int PAYLOADS = 1_000_000;
    private static final int READERS = 3;
    /** A payload's origin time is this function of its position, so that a mix-up shows. */
    private static final long ORIGIN_FACTOR = 7919;

    /** So much of the log, in arrivals, is what a waiting writer leaves to its slowest reader. */
    private static final int WINDOW = 900;

    /** Without bytes nothing is released for their sake: the ring alone is the bound. */
    private static final byte[] BYTES = {};

    private static final long FOR_EVER = Long.MAX_VALUE / 2;
    private static final long MAY_NOT_GROW = 1000;

    private final ExecutorService threads = Executors.newFixedThreadPool(READERS + 1);
    private final AtomicLongArray progress = new AtomicLongArray(READERS);

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    /** What a reader saw. */
    private record Seen(long payloads, long lapped, long released, long wrong, long outOfOrder) {}

    @Test
    void readerThatIsNotLappedSeesEveryPayloadOnceInTheOrderOfArrival() throws Exception {
        List<Seen> seen = run(new StreamLog(MAY_NOT_GROW, FOR_EVER), true);

        assertThat(seen).containsOnly(new Seen(PAYLOADS, 0, 0, 0, 0)).hasSize(READERS);
    }

    @Test
    void readerThatIsLappedGetsNoWrongPayload() throws Exception {
        List<Seen> seen = run(new StreamLog(MAY_NOT_GROW, FOR_EVER), false);

        assertThat(seen).hasSize(READERS).allSatisfy(reader -> {
            assertThat(reader.wrong()).isZero();
            assertThat(reader.outOfOrder()).isZero();
            assertThat(reader.payloads() + reader.lapped() + reader.released()).isEqualTo(PAYLOADS);
        });
    }

    @Test
    void readersSeeEverythingWhileTheRingGrows() throws Exception {
        List<Seen> seen = run(new StreamLog(2L * 188 * PAYLOADS, FOR_EVER), false);

        assertThat(seen).containsOnly(new Seen(PAYLOADS, 0, 0, 0, 0)).hasSize(READERS);
    }

    private List<Seen> run(StreamLog log, boolean writerWaits) throws Exception {
        List<Future<Seen>> readers = new ArrayList<>();
        for (int i = 0; i < READERS; i++) {
            int number = i;
            Callable<Seen> reader = () -> read(log, number);
            readers.add(threads.submit(reader));
        }
        Future<?> writer = threads.submit(() -> write(log, writerWaits));
        writer.get(60, TimeUnit.SECONDS);
        List<Seen> seen = new ArrayList<>();
        for (Future<Seen> reader : readers) {
            seen.add(reader.get(60, TimeUnit.SECONDS));
        }
        return seen;
    }

    /** In every ten payloads the fourth comes last, as one does that was recovered. */
    private void write(StreamLog log, boolean waits) {
        for (long arrival = 0; arrival < PAYLOADS; arrival++) {
            while (waits && arrival - slowest() > WINDOW) {
                Thread.yield();
            }
            long position = position(arrival);
            log.put(position, position * ORIGIN_FACTOR, BYTES, 0);
        }
    }

    private long slowest() {
        long slowest = Long.MAX_VALUE;
        for (int i = 0; i < READERS; i++) {
            slowest = Math.min(slowest, progress.get(i));
        }
        return slowest;
    }

    private Seen read(StreamLog log, int number) {
        long payloads = 0;
        long lapped = 0;
        long released = 0;
        long wrong = 0;
        long outOfOrder = 0;
        long arrival = 0;
        while (arrival < PAYLOADS) {
            long end = log.arrivalEnd();
            while (arrival < end) {
                long position = log.positionOfArrival(arrival);
                if (position < 0) {
                    long oldest = Math.max(log.oldestArrival(), arrival + 1);
                    lapped += oldest - arrival;
                    arrival = oldest;
                    continue;
                }
                outOfOrder += position == position(arrival) ? 0 : 1;
                @Nullable Payload payload = log.payloadAt(position);
                if (payload == null) {
                    released++;
                } else {
                    payloads++;
                    wrong += payload.originMicros() == position * ORIGIN_FACTOR ? 0 : 1;
                }
                arrival++;
            }
            progress.set(number, arrival);
            Thread.yield();
        }
        return new Seen(payloads, lapped, released, wrong, outOfOrder);
    }

    private static long position(long arrival) {
        long block = arrival - arrival % 10;
        int place = (int) (arrival % 10);
        return block + (place < 3 ? place : place == 9 ? 3 : place + 1);
    }
}
