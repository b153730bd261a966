package io.millrace.srt.endpoint;

import io.millrace.srt.packet.DatagramSink;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What the driver of a UDP socket sees of the endpoint behind it: an {@link SrtEndpoint}, or something that stands before
 * one and changes its datagrams, such as a bad network. The driver's duties are those that {@link SrtEndpoint} names.
 */
public interface DatagramEndpoint {
    /**
     * Input: a datagram between the buffer's position and limit, valid for the call. Never throws for what is in it.
     *
     * @param strays is offered the datagram if it may be another endpoint's
     */
    void handleDatagram(long nowMicros, InetSocketAddress from, ByteBuffer datagram, StraySink strays);

    /** Input: time has passed. Late, early and spurious calls are harmless. */
    void handleTimeout(long nowMicros);

    /** Output: what happened, one by one; null when there is no more. */
    @Nullable
    EndpointEvent pollEvent();

    /**
     * Output: writes what a number of connections have to send now. A driver with many of them takes input in between:
     * it must not be kept from its socket, and what has piled up meanwhile leaves in larger batches.
     *
     * @param turns how many connections; they take turns in the order in which they had something to send
     * @return whether others are waiting
     */
    boolean drain(long nowMicros, DatagramSink sink, int turns);

    /** When {@link #handleTimeout} is to be called at the latest; {@link Long#MAX_VALUE} if there is no need. */
    long nextTimeoutMicros();
}
