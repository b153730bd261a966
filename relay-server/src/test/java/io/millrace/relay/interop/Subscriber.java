package io.millrace.relay.interop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** A program that subscribes and writes what it gets into a file, which goes when the subscriber is closed. */
final class Subscriber implements AutoCloseable {
    private static final long SETTLE_MARGIN_MILLIS = 1_500;
    private static final long POLL_MILLIS = 20;

    private final ProgramProcess process;
    private final Path file;
    private final int latencyMillis;

    Subscriber(ProgramProcess process, Path file, int latencyMillis) {
        this.process = process;
        this.file = file;
        this.latencyMillis = latencyMillis;
    }

    void awaitConnected(Duration timeout) {
        process.awaitConnected(timeout);
    }

    /** Bytes in the file by now. */
    long receivedBytes() throws IOException {
        return Files.size(file);
    }

    /**
     * Waits until the program has ended or nothing more has come for longer than its latency, stops it, and returns
     * what it has written.
     */
    Path received() throws IOException, InterruptedException {
        long settleNanos = (latencyMillis + SETTLE_MARGIN_MILLIS) * 1_000_000;
        long size = Files.size(file);
        long lastGrowthNanos = System.nanoTime();
        while (process.isAlive() && System.nanoTime() - lastGrowthNanos < settleNanos) {
            Thread.sleep(POLL_MILLIS);
            if (Files.size(file) != size) {
                size = Files.size(file);
                lastGrowthNanos = System.nanoTime();
            }
        }
        process.close();
        if (Files.size(file) == 0) {
            throw process.failure("has received nothing");
        }
        return file;
    }

    @Override
    public void close() throws IOException {
        process.close();
        Files.deleteIfExists(file);
    }
}
