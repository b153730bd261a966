package io.millrace.srt.capture;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/**
 * One UDP datagram of a {@link Capture}.
 *
 * @param number place in the capture, from 1, as packet analysers count
 * @param micros time of capture, microseconds since 1970
 * @param payload the datagram between position and limit; the position is not 0, as in a transport's read buffer
 */
public record CapturedDatagram(
        int number, long micros, InetSocketAddress from, InetSocketAddress to, ByteBuffer payload) {}
