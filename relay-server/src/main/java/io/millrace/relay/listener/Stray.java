package io.millrace.relay.listener;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/**
 * A datagram on its way to another loop.
 *
 * @param from whose it is
 * @param arrivedAt the local address that it was sent to
 * @param datagram a copy of its own
 */
record Stray(InetSocketAddress from, InetSocketAddress arrivedAt, ByteBuffer datagram) {
    static Stray copyOf(InetSocketAddress from, InetSocketAddress arrivedAt, ByteBuffer datagram) {
        byte[] bytes = new byte[datagram.remaining()];
        datagram.get(datagram.position(), bytes);
        return new Stray(from, arrivedAt, ByteBuffer.wrap(bytes));
    }
}
