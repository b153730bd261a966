package io.millrace.relay.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Knows every buffer that it gave out. */
final class TrackingAllocator extends PooledByteBufAllocator {
    private final Queue<ByteBuf> givenOut = new ConcurrentLinkedQueue<>();

    TrackingAllocator() {
        super(true);
    }

    @Override
    protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
        ByteBuf buffer = super.newDirectBuffer(initialCapacity, maxCapacity);
        givenOut.add(buffer);
        return buffer;
    }

    /** For after the channel was closed. */
    void assertAllCameBack() {
        assertThat(givenOut).allMatch(buffer -> buffer.refCnt() == 0);
    }
}
