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

    /** Waits until so much is in the file. */
    void awaitReceived(long bytes) throws IOException, InterruptedException {
        while (Files.size(file) < bytes) {
            if (!process.isAlive()) {
                throw process.failure("ended when it had received " + Files.size(file) + " bytes");
            }
            Thread.sleep(POLL_MILLIS);
        }
    }

    /** Waits until the program has ended or nothing more has come for longer than its latency. */
    void awaitQuiet() throws IOException, InterruptedException {
        long settleMillis = latencyMillis + SETTLE_MARGIN_MILLIS;
        while (process.isAlive()
                && System.currentTimeMillis() - Files.getLastModifiedTime(file).toMillis() < settleMillis) {
            Thread.sleep(POLL_MILLIS);
        }
    }

    /** Waits until the program has ended by itself; returns its exit code. */
    int awaitExit(Duration timeout) {
        return process.awaitExit(timeout);
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** The last lines that the program wrote. */
    String lastMessages() {
        return process.lastMessages();
    }

    /** Waits as {@link #awaitQuiet()} does, stops the program, and returns what it has written. */
    Path received() throws IOException, InterruptedException {
        awaitQuiet();
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
