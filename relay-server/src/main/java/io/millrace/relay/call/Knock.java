package io.millrace.relay.call;

import io.millrace.srt.handshake.Offer;
import io.millrace.srt.packet.AddressField;
import io.millrace.srt.packet.HandshakePacket;
import io.millrace.srt.packet.PacketDecoder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.security.SecureRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The first step of a call and nothing more, which costs the server nothing: an induction and its answer. From a socket
 * of its own that is connected, since the system tells only such a one that there is no such port.
 *
 * @param outcome what came of it
 * @param roundTripMicros from the message to its answer; 0 without one
 * @param answer the server's induction; null unless it answered
 * @param detail the system's words where it failed; else empty
 */
public record Knock(
        Outcome outcome, long roundTripMicros, @Nullable HandshakePacket answer, String detail) {
    private static final long REPEAT_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final int MAX_DATAGRAM_BYTES = 2_048;

    /** What a knock can lead to. */
    public enum Outcome {
        /** An SRT listener is there. */
        ANSWERED,
        /** Something answers, but not as SRT of version 1.3 or later does. */
        NOT_SRT,
        /** The system, or a router on the way, says that nobody listens there (ICMP). */
        PORT_CLOSED,
        /** Nothing came back: dropped on the way, or by who is there. */
        SILENCE,
        /** It could not be sent. */
        UNSENDABLE
    }

    /** Knocks every 250 ms until there is an answer; blocks at most so long. */
    public static Knock at(InetSocketAddress server, int timeoutMillis) {
        long deadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        try (DatagramChannel channel = DatagramChannel.open();
                Selector selector = Selector.open()) {
            channel.connect(server);
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ);
            while (true) {
                long sentNanos = System.nanoTime();
                if (sentNanos >= deadlineNanos) {
                    return new Knock(Outcome.SILENCE, 0, null, "");
                }
                channel.write(message(server));
                Knock heard = listen(channel, selector, sentNanos, Math.min(deadlineNanos, sentNanos + REPEAT_NANOS));
                if (heard != null) {
                    return heard;
                }
            }
        } catch (PortUnreachableException e) {
            return new Knock(Outcome.PORT_CLOSED, 0, null, "");
        } catch (IOException e) {
            return new Knock(Outcome.UNSENDABLE, 0, null, String.valueOf(e.getMessage()));
        }
    }

    private static @Nullable Knock listen(DatagramChannel channel, Selector selector, long sentNanos, long untilNanos)
            throws IOException {
        ByteBuffer datagram = ByteBuffer.allocate(MAX_DATAGRAM_BYTES);
        while (true) {
            long restNanos = untilNanos - System.nanoTime();
            if (restNanos <= 0) {
                return null;
            }
            selector.select(1 + TimeUnit.NANOSECONDS.toMillis(restNanos));
            selector.selectedKeys().clear();
            datagram.clear();
            if (channel.read(datagram) > 0) {
                long roundTripMicros = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - sentNanos);
                return of(datagram.flip(), roundTripMicros);
            }
        }
    }

    private static Knock of(ByteBuffer datagram, long roundTripMicros) {
        boolean handshake = PacketDecoder.check(datagram) == null
                && PacketDecoder.isControl(datagram)
                && datagram.getShort(0) == (short) 0x8000;
        HandshakePacket answer = handshake ? HandshakePacket.read(datagram) : null;
        boolean srt = answer != null
                && answer.type() == HandshakePacket.INDUCTION
                && answer.version() >= 5
                && answer.extension() == HandshakePacket.SRT_MAGIC;
        return new Knock(srt ? Outcome.ANSWERED : Outcome.NOT_SRT, roundTripMicros, answer, "");
    }

    private static ByteBuffer message(InetSocketAddress server) {
        SecureRandom random = new SecureRandom();
        ByteBuffer message = ByteBuffer.allocate(HandshakePacket.FIXED_LENGTH);
        new HandshakePacket(
                        4,
                        0,
                        HandshakePacket.SOCKET_TYPE_DATAGRAM,
                        random.nextInt(0x7FFF_FFFF),
                        Offer.DEFAULT.maximumSegmentSize(),
                        Offer.DEFAULT.flowWindow(),
                        HandshakePacket.INDUCTION,
                        random.nextInt(1, 0x4000_0000),
                        0,
                        AddressField.of(server.getAddress()))
                .write(message, 0, 0);
        return message.flip();
    }
}
