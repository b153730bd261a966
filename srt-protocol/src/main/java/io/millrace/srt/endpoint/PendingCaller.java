package io.millrace.srt.endpoint;

import io.millrace.srt.crypto.KeyMaterial;
import io.millrace.srt.handshake.ExtensionBlock;
import io.millrace.srt.handshake.HandshakeExtensions;
import io.millrace.srt.handshake.SrtExtension;
import io.millrace.srt.packet.HandshakePacket;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * A caller that has proved its address and waits for a decision. Costs no connection; bounded in number and age.
 */
public final class PendingCaller {
    /** Callers repeat their conclusion every 250 ms: so many in a row are hardly ever lost. */
    static final long GIVEN_UP_MICROS = 1_500_000;

    private final InetSocketAddress address;
    private final HandshakePacket request;
    private final HandshakeExtensions extensions;
    private final int timestamp;
    private final long arrivedMicros;
    private long heardMicros;
    private boolean decided;

    PendingCaller(
            InetSocketAddress address,
            HandshakePacket request,
            HandshakeExtensions extensions,
            int timestamp,
            long arrivedMicros) {
        this.address = address;
        this.request = request;
        this.extensions = extensions;
        this.timestamp = timestamp;
        this.arrivedMicros = arrivedMicros;
        heardMicros = arrivedMicros;
    }

    /** Where it calls from. */
    public InetSocketAddress address() {
        return address;
    }

    /** Stream ID, empty if it sent none. Hostile text: up to 512 bytes of anything. */
    public String streamId() {
        return extensions.streamId();
    }

    /** SRT version, 0x00XXYYZZ. */
    public int peerVersion() {
        return srt().version();
    }

    /** Latency of its receiver, milliseconds. */
    public int receiveLatencyMillis() {
        return srt().receiveLatencyMillis();
    }

    /** Latency that it asks of our receiver, milliseconds. */
    public int sendLatencyMillis() {
        return srt().sendLatencyMillis();
    }

    /** Its key material; null if it doesn't encrypt. */
    public @Nullable KeyMaterial keyMaterial() {
        return extensions.keyMaterial();
    }

    HandshakePacket request() {
        return request;
    }

    HandshakeExtensions extensions() {
        return extensions;
    }

    int timestamp() {
        return timestamp;
    }

    long arrivedMicros() {
        return arrivedMicros;
    }

    /** Its conclusion has come once more. */
    void repeated(long nowMicros) {
        heardMicros = nowMicros;
    }

    /**
     * Whether it repeated its conclusion, and has ceased to: a connection would be opened for nobody, and keep a publisher's
     * name until it is given up. One that never repeats, as not every caller does, may still be there.
     */
    boolean hasGivenUp(long nowMicros) {
        return heardMicros != arrivedMicros && nowMicros - heardMicros >= GIVEN_UP_MICROS;
    }

    /** Marks it as decided; false if it was before. */
    boolean decide() {
        boolean first = !decided;
        decided = true;
        return first;
    }

    private SrtExtension srt() {
        SrtExtension srt = extensions.srt(ExtensionBlock.HSREQ);
        if (srt == null) {
            throw new IllegalStateException("a caller is pending only after its HSREQ was checked");
        }
        return srt;
    }
}
