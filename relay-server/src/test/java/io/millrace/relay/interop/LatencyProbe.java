package io.millrace.relay.interop;

import static io.millrace.relay.interop.TransportStreamFile.PAYLOAD_BYTES;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/**
 * Time from end to end: payloads that hold the time at which srt-live-transmit was given them, read from another
 * srt-live-transmit.
 */
final class LatencyProbe implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(15);
    /** Sent after those that are counted: a receiver sees a loss, and the reader the end, by what follows. */
    private static final int FOLLOWING_PAYLOADS = 100;

    private final ProgramProcess publisher;
    private final ProgramProcess subscriber;
    private final CompletableFuture<Delays> delays = new CompletableFuture<>();

    /** Delays of the payloads that came, in nanoseconds from the smallest to the greatest, and how many did not. */
    record Delays(long[] sortedNanos, int missing) {
        double millis(double quantile) {
            int index = (int) Math.min(sortedNanos.length - 1L, Math.round(quantile * (sortedNanos.length - 1)));
            return sortedNanos[index] / 1e6;
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "min %.1f ms, median %.1f ms, 99 %% %.1f ms, max %.1f ms of %d payloads, %d missing",
                    millis(0),
                    millis(0.5),
                    millis(0.99),
                    millis(1),
                    sortedNanos.length,
                    missing);
        }
    }

    /** Connects both programs. */
    LatencyProbe(RelayProcess relay, String stream, SrtAddress publishing, SrtAddress requesting) {
        String debianPackage = "srt-tools";
        RealClient client = RealClient.SRT_LIVE_TRANSMIT;
        publisher = ProgramProcess.startWithMediaOnOutput(
                client.publishing(publishing), debianPackage, client.connectedAsPublisher(publishing));
        publisher.awaitConnected(TIMEOUT);
        subscriber = ProgramProcess.startWithMediaOnOutput(
                client.subscribing(requesting, Path.of("standard output")),
                debianPackage,
                client.connectedAsSubscriber(requesting));
        // srt-live-transmit itself says that it is connected only when the first data comes.
        relay.awaitSubscribers(stream, 1);
    }

    /** Sends payloads at even intervals; fails if they do not arrive in order. */
    Delays measure(int payloads, long intervalMicros) throws IOException, InterruptedException {
        Thread reader = new Thread(() -> read(payloads), "latency-reader");
        reader.setDaemon(true);
        reader.start();
        OutputStream out = publisher.input();
        long startNanos = System.nanoTime();
        for (int number = 0; number < payloads + FOLLOWING_PAYLOADS; number++) {
            long dueNanos = startNanos + number * intervalMicros * 1_000;
            long waitNanos;
            while ((waitNanos = dueNanos - System.nanoTime()) > 0) {
                LockSupport.parkNanos(waitNanos);
            }
            ByteBuffer payload = ByteBuffer.allocate(PAYLOAD_BYTES);
            payload.putLong(number).putLong(System.nanoTime());
            out.write(payload.array());
            out.flush();
        }
        try {
            return delays.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw subscriber.failure("did not get everything");
        } catch (ExecutionException e) {
            AssertionError failure = subscriber.failure("got something else");
            failure.initCause(e.getCause());
            throw failure;
        }
    }

    @Override
    public void close() {
        publisher.close();
        subscriber.close();
    }

    private void read(int payloads) {
        try {
            InputStream in = subscriber.output();
            long[] nanos = new long[payloads];
            int came = 0;
            long last = -1;
            while (true) {
                ByteBuffer payload = ByteBuffer.wrap(in.readNBytes(PAYLOAD_BYTES));
                long nowNanos = System.nanoTime();
                long number = payload.getLong();
                if (number <= last) {
                    throw new IOException("payload " + number + " came after " + last);
                }
                if (number >= payloads) {
                    break;
                }
                last = number;
                nanos[came++] = nowNanos - payload.getLong();
            }
            long[] sorted = Arrays.copyOf(nanos, came);
            Arrays.sort(sorted);
            delays.complete(new Delays(sorted, payloads - came));
        } catch (IOException | RuntimeException e) {
            delays.completeExceptionally(e);
        }
    }
}
