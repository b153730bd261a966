package io.millrace.srt.endpoint;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/**
 * Where the datagrams go that came to one socket and are for another one's endpoint: a <em>stray</em>. The kernel chooses
 * among the sockets that share a port by the peer's address and by how many they are, so when one is opened or closed,
 * connections are torn from their sockets.
 *
 * <p>Offered are packets for a socket ID that the endpoint doesn't have, which is what strangers send too, and conclusions
 * of callers that it doesn't know. The buffer is a loan for the call, and its position and limit stay as they are. Whoever
 * takes a stray gives it to its endpoint without a sink, so that it is handed over once at most.
 */
public interface StraySink {
    /** For an endpoint that stands alone. */
    StraySink NONE = new StraySink() {
        @Override
        public boolean takePacket(int socketId, InetSocketAddress from, ByteBuffer packet) {
            return false;
        }

        @Override
        public boolean takeConclusion(int issuer, InetSocketAddress from, ByteBuffer conclusion) {
            return false;
        }
    };

    /**
     * Offers a packet for a connection or call.
     *
     * @param socketId whom it is for; anything but 0
     * @return false if it is nobody else's either, and is discarded here
     */
    boolean takePacket(int socketId, InetSocketAddress from, ByteBuffer packet);

    /**
     * Offers the conclusion of a caller that has proved its address.
     *
     * @param issuer number of the endpoint that gave it its cookie, which may be this one
     * @return false if it is for nobody else, and is worked on here
     */
    boolean takeConclusion(int issuer, InetSocketAddress from, ByteBuffer conclusion);
}
