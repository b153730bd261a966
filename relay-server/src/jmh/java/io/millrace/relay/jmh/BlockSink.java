package io.millrace.relay.jmh;

import io.millrace.srt.packet.DatagramSink;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/** Where datagrams end: written side by side into one direct block, again and again, as a socket's batch does it. */
final class BlockSink implements DatagramSink {
    private static final int BLOCK_BYTES = 128 << 10;

    private final ByteBuffer block = ByteBuffer.allocateDirect(BLOCK_BYTES);
    private int end;

    @Override
    public ByteBuffer begin(InetSocketAddress to, int maxLength) {
        if (end + maxLength > BLOCK_BYTES) {
            end = 0;
        }
        return block.limit(end + maxLength).position(end);
    }

    @Override
    public void end() {
        end = block.position();
    }
}
