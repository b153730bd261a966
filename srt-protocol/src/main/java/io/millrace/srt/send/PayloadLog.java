package io.millrace.srt.send;

import io.millrace.srt.packet.Payload;
import org.jspecify.annotations.Nullable;

/**
 * Where a sender reads its payloads from: a buffer of its own, or the log of a stream that it shares with others.
 *
 * <p>A payload has a <em>position</em>, its place in the stream, and an <em>arrival</em>, its place in the order in which
 * the log got hold of payloads. The two differ where a packet was recovered late: it arrives after its successors, and
 * is sent at once.
 */
public interface PayloadLog {
    /** One past the newest arrival. */
    long arrivalEnd();

    /** The oldest arrival that the log still knows. */
    long oldestArrival();

    /** Position of an arrival before {@link #arrivalEnd}, or -1 if the log has forgotten it. */
    long positionOfArrival(long arrival);

    /** The payload at a position, or null if it has not arrived, never will, or is forgotten. */
    @Nullable
    Payload payloadAt(long position);

    /** Positions before this arrived or never will: nothing before it is worth waiting for. */
    long settledEnd();
}
