package io.millrace.srt.receive;

/**
 * What a connection hands received payloads to. Offsets are packets since the connection's first sequence number and
 * never wrap. Called from within the endpoint's {@code handle} methods, so it must not call back into the endpoint.
 */
public interface PayloadReceiver {
    /**
     * A payload came. With {@link Delivery#ON_ARRIVAL} offsets may come in any order, each at most once.
     *
     * @param originMicros when the sender produced it, on this process's clock
     * @param payload owned by the callee from now on
     */
    void received(long offset, long originMicros, byte[] payload);

    /** Every offset before this was received or never will be: nothing before it is worth waiting for. Only rises. */
    void settled(long offset);
}
