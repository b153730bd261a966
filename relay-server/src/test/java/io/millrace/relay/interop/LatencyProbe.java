package io.millrace.relay.interop;

import static io.millrace.relay.interop.TransportStreamFile.PAYLOAD_BYTES;

import java.io.DataInputStream;
import java.io.IOException;
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

    private final ProgramProcess publisher;
    private final ProgramProcess subscriber;
    private final CompletableFuture<long[]> delays = new CompletableFuture<>();

    /** Delays of all payloads, in nanoseconds from the smallest to the greatest. */
    record Delays(long[] sortedNanos) {
        double millis(double quantile) {
            int index = (int) Math.min(sortedNanos.length - 1L, Math.round(quantile * (sortedNanos.length - 1)));
            return sortedNanos[index] / 1e6;
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "min %.1f ms, median %.1f ms, 99 %% %.1f ms, max %.1f ms of %d payloads",
                    millis(0),
                    millis(0.5),
                    millis(0.99),
                    millis(1),
                    sortedNanos.length);
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

    /** Sends payloads at even intervals; fails if one of them does not arrive, or not in order. */
    Delays measure(int payloads, long intervalMicros) throws IOException, InterruptedException {
        Thread reader = new Thread(() -> read(payloads), "latency-reader");
        reader.setDaemon(true);
        reader.start();
        OutputStream out = publisher.input();
        long startNanos = System.nanoTime();
        for (int number = 0; number < payloads; number++) {
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
            return new Delays(delays.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS));
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
            DataInputStream in = new DataInputStream(subscriber.output());
            long[] nanos = new long[payloads];
            for (int number = 0; number < payloads; number++) {
                ByteBuffer payload = ByteBuffer.wrap(in.readNBytes(PAYLOAD_BYTES));
                long now = System.nanoTime();
                long received = payload.getLong();
                if (received != number) {
                    throw new IOException("payload " + received + " came in place of " + number);
                }
                nanos[number] = now - payload.getLong();
            }
            Arrays.sort(nanos);
            delays.complete(nanos);
        } catch (IOException | RuntimeException e) {
            delays.completeExceptionally(e);
        }
    }
}
