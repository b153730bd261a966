package io.millrace.relay.interop;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/** A program that publishes a clip, fed at the clip's rate once it is connected and told to {@link #play()}. */
final class Publisher implements AutoCloseable {
    private static final long NANOS_PER_SECOND = 1_000_000_000;
    private static final Duration GRACE = Duration.ofSeconds(30);

    private final ProgramProcess process;
    private final TransportStreamFile clip;
    private final boolean primed;
    private final CompletableFuture<Void> told = new CompletableFuture<>();
    private final CompletableFuture<Void> fed = new CompletableFuture<>();
    private volatile boolean closed;

    /** @param primed whether the program needs the first payload before it connects */
    Publisher(ProgramProcess process, TransportStreamFile clip, boolean primed) {
        this.process = process;
        this.clip = clip;
        this.primed = primed;
        Thread feeder = new Thread(this::feed, "feeder");
        feeder.setDaemon(true);
        feeder.start();
    }

    void awaitConnected(Duration timeout) {
        process.awaitConnected(timeout);
    }

    /** Begins to send, now or when the program is connected. */
    void play() {
        told.complete(null);
    }

    /** Waits until the program has ended by itself. */
    int awaitExit(Duration timeout) {
        return process.awaitExit(timeout);
    }

    /** Ends the program at once, without a farewell to its peer. */
    void kill() {
        closed = true;
        process.kill();
    }

    /** The last lines that the program wrote. */
    String lastMessages() {
        return process.lastMessages();
    }

    /** Returns when the program was given the last byte; its connection stays open until {@link #close()}. */
    void awaitEnd() throws IOException, InterruptedException {
        long playMillis = Files.size(clip.path()) * 8 * 1_000 / clip.bitsPerSecond();
        try {
            fed.get(playMillis + GRACE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw process.failure("did not take the clip in time");
        } catch (ExecutionException e) {
            AssertionError failure = process.failure("ended before it had taken the whole clip");
            failure.initCause(e.getCause());
            throw failure;
        }
    }

    /** What the program was given to send. */
    Path sent() {
        return clip.path();
    }

    /** Ends the program, and so its connection. */
    @Override
    public void close() {
        closed = true;
        told.complete(null);
        process.close();
    }

    private void feed() {
        try (InputStream in = Files.newInputStream(clip.path())) {
            OutputStream out = process.input();
            byte[] payload = new byte[TransportStreamFile.PAYLOAD_BYTES];
            if (primed) {
                out.write(payload, 0, in.readNBytes(payload, 0, payload.length));
                out.flush();
            }
            process.connected().join();
            told.join();
            long startNanos = System.nanoTime();
            long bytes = 0;
            int length;
            while (!closed && (length = in.readNBytes(payload, 0, payload.length)) > 0) {
                long dueNanos = startNanos + bytes * 8 * NANOS_PER_SECOND / clip.bitsPerSecond();
                long waitNanos;
                while ((waitNanos = dueNanos - System.nanoTime()) > 0) {
                    LockSupport.parkNanos(waitNanos);
                }
                // One write a payload: less than PIPE_BUF, so that the program reads it whole.
                out.write(payload, 0, length);
                out.flush();
                bytes += length;
            }
            fed.complete(null);
        } catch (IOException | RuntimeException e) {
            fed.completeExceptionally(e);
        }
    }
}
