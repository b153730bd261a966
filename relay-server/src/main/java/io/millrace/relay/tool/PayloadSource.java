package io.millrace.relay.tool;

import java.io.BufferedInputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads a file, or standard input, as payloads, on a thread of its own: who sends must not wait for who reads. The last
 * payload of each repetition may be shorter.
 */
final class PayloadSource {
    /** Some seconds ahead at usual rates. */
    private static final int QUEUED_PAYLOADS = 2_048;

    /** What the reader hands on. */
    sealed interface Item {}

    /** The next bytes. */
    @SuppressWarnings("ArrayRecordComponent") // passed on, and never compared
    record Payload(byte[] bytes) implements Item {}

    /** There is no more. */
    record End() implements Item {}

    /** The reading failed. */
    record Failure(IOException cause) implements Item {}

    private final @Nullable Path file;
    private final int payloadBytes;
    private final long repetitions;
    private final BlockingQueue<Item> items = new ArrayBlockingQueue<>(QUEUED_PAYLOADS);
    /** Of one repetition; 0 while the first one is being read. */
    private volatile long length;

    /**
     * @param file null for standard input
     * @param repetitions how often the file is read; once for standard input
     */
    PayloadSource(@Nullable Path file, int payloadBytes, long repetitions) {
        this.file = file;
        this.payloadBytes = payloadBytes;
        this.repetitions = repetitions;
    }

    void start() {
        Thread reader = new Thread(this::read, "reader");
        // It may wait for standard input, which nobody can end.
        reader.setDaemon(true);
        reader.start();
    }

    /** The next item, or null if there was none for so long. */
    @Nullable
    Item poll(long millis) throws InterruptedException {
        return items.poll(millis, TimeUnit.MILLISECONDS);
    }

    /** In which repetition the last of so many bytes is, from 1. */
    long repetitionOf(long bytes) {
        long whole = length;
        return whole == 0 || bytes == 0 ? 1 : 1 + (bytes - 1) / whole;
    }

    private void read() {
        try {
            try {
                for (long i = 0; i < repetitions; i++) {
                    long read = readOnce();
                    if (read == 0) {
                        break;
                    }
                    length = read;
                }
                items.put(new End());
            } catch (IOException e) {
                items.put(new Failure(e));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns how many bytes there were. */
    private long readOnce() throws IOException, InterruptedException {
        long read = 0;
        try (InputStream in = open()) {
            while (true) {
                byte[] payload = new byte[payloadBytes];
                int taken = in.readNBytes(payload, 0, payloadBytes);
                if (taken == 0) {
                    return read;
                }
                read += taken;
                items.put(new Payload(taken == payloadBytes ? payload : Arrays.copyOf(payload, taken)));
            }
        }
    }

    private InputStream open() throws IOException {
        return file == null
                ? new BufferedInputStream(new FileInputStream(FileDescriptor.in), payloadBytes)
                : new BufferedInputStream(Files.newInputStream(file), 1 << 16);
    }
}
