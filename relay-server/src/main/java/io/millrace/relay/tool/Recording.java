package io.millrace.relay.tool;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Writes payloads into a file, or to standard output, on a thread of its own: an event loop must not wait for a disk.
 * What is there is written at once, so that others may read along.
 */
final class Recording implements AutoCloseable {
    /** What may wait for a slow disk; more is lost, and counted. */
    private static final long MAX_QUEUED_BYTES = 64 << 20;

    private static final int WRITE_BYTES = 1 << 16;
    private static final byte[] END = {};

    private final @Nullable Path file;
    private final boolean overwrite;
    private final BlockingQueue<byte[]> queue = new LinkedBlockingQueue<>();
    private final AtomicLong queuedBytes = new AtomicLong();
    private final AtomicLong writtenBytes = new AtomicLong();
    private final AtomicLong overflowedBytes = new AtomicLong();
    private final Thread writer = new Thread(this::write, "writer");
    private volatile @Nullable String failure;

    /**
     * The file is created with the first payload: without one there is none, and an old one stays.
     *
     * @param file null for standard output
     * @param overwrite whether a file that is there may go
     */
    Recording(@Nullable Path file, boolean overwrite) {
        this.file = file;
        this.overwrite = overwrite;
        writer.setDaemon(true);
        writer.start();
    }

    /** Whether something is there that would be lost. A device or a pipe is there to be written to. */
    static boolean wouldOverwrite(Path file) {
        return Files.isRegularFile(file);
    }

    /** Takes a payload, which is the recording's from now on; never waits. From any one thread. */
    void take(byte[] payload) {
        if (payload.length == 0) {
            return;
        }
        if (queuedBytes.get() > MAX_QUEUED_BYTES) {
            overflowedBytes.addAndGet(payload.length);
            return;
        }
        queuedBytes.addAndGet(payload.length);
        queue.add(payload);
    }

    /** Bytes that were handed to the system. */
    long writtenBytes() {
        return writtenBytes.get();
    }

    /** Bytes that were lost since the disk was too slow. */
    long overflowedBytes() {
        return overflowedBytes.get();
    }

    /** Why nothing can be written any more, as a line for the user; null while it can. */
    @Nullable
    String failure() {
        return failure;
    }

    @Override
    public void close() {
        end();
    }

    /** Writes what is left and closes the file; again is harmless. */
    void end() {
        queue.add(END);
        try {
            writer.join(TimeUnit.SECONDS.toMillis(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void write() {
        try {
            byte[] first = queue.take();
            if (first != END) {
                write(first);
            }
        } catch (IOException e) {
            failure = reason(e) + "; " + Progress.megabytes(writtenBytes.get()) + " were written";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void write(byte[] first) throws IOException, InterruptedException {
        try (OutputStream out = new BufferedOutputStream(open(), WRITE_BYTES)) {
            for (byte[] payload = first; payload != END; payload = queue.take()) {
                out.write(payload);
                queuedBytes.addAndGet(-payload.length);
                if (queue.isEmpty()) {
                    out.flush();
                }
                writtenBytes.addAndGet(payload.length);
            }
        }
    }

    private OutputStream open() throws IOException {
        if (file == null) {
            return new FileOutputStream(FileDescriptor.out);
        }
        return overwrite || Files.exists(file) && !wouldOverwrite(file)
                ? Files.newOutputStream(file)
                : Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    private String reason(IOException e) {
        String words = e instanceof FileSystemException failed ? failed.getReason() : e.getMessage();
        String kind = e.getClass().getSimpleName().replace("Exception", "");
        return (file == null ? "standard output" : file) + " can't be written: " + (words == null ? kind : words);
    }
}
