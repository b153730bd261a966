package io.millrace.srt.packet;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/** Where an endpoint writes its datagrams: straight into the buffers that go to the network. */
public interface DatagramSink {
    /**
     * Begins a datagram. The caller writes at most {@code maxLength} bytes from the returned buffer's position on and
     * then calls {@link #end} before anything else. The buffer is big-endian and valid until then.
     *
     * @param to where it goes
     * @param maxLength bytes that must fit
     */
    ByteBuffer begin(InetSocketAddress to, int maxLength);

    /** Ends the datagram begun: it reaches up to the buffer's position. */
    void end();
}
