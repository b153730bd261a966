package io.millrace.srt.receive;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.srt.packet.AckPacket;
import io.millrace.srt.packet.ControlType;
import io.millrace.srt.packet.PacketTimestamp;
import io.millrace.srt.packet.Packets;
import io.millrace.srt.packet.Peer;
import io.millrace.srt.packet.SequenceNumber;
import io.millrace.srt.packet.WrittenPackets;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** A receiver in virtual time, drained after each input as its connection does it. */
final class ReceiverRig implements PayloadReceiver {
    static final long MILLI = 1_000;
    static final long SECOND = 1_000_000;
    /** Our clock when the sender's said 0, and the time at which a test starts. */
    static final long ZERO = 777_000_000_000L;

    static final long LATENCY = 120 * MILLI;
    static final int MAXIMUM_PAYLOAD = 1456;

    /** An ACK that was written; the window is -1 in a light one. */
    record Ack(long atMicros, int number, long offset, int bytes, int window) {
        boolean isFull() {
            return bytes == AckPacket.FULL_LENGTH;
        }

        boolean isLight() {
            return bytes == AckPacket.LIGHT_LENGTH;
        }
    }

    /** A NAK that was written. */
    record Nak(long atMicros, int bytes, List<WrittenPackets.Range> losses) {}

    /** A payload that was handed over. */
    record Delivered(long offset, long originMicros, long atMicros, int length) {}

    final List<Ack> acks = new ArrayList<>();
    final List<Nak> naks = new ArrayList<>();
    final List<Delivered> delivered = new ArrayList<>();
    final List<Long> settled = new ArrayList<>();

    final RttEstimator rtt = new RttEstimator();
    final ReceiveStatistics statistics = new ReceiveStatistics();
    final Receiver receiver;
    final int first;
    long now = ZERO;

    private final Peer peer = new Peer(new InetSocketAddress(InetAddress.getLoopbackAddress(), 5000), 77, ZERO);
    private final WrittenPackets written = new WrittenPackets();

    ReceiverRig(Delivery delivery) {
        this(delivery, 1_000, 8192);
    }

    ReceiverRig(Delivery delivery, int first, int capacity) {
        this.first = first;
        receiver = new Receiver(
                new Receiver.Parameters(first, delivery, LATENCY, MAXIMUM_PAYLOAD, capacity),
                new TsbpdClock(ZERO, 0),
                null,
                this,
                rtt,
                statistics);
    }

    @Override
    public void received(long offset, long originMicros, byte[] payload) {
        delivered.add(new Delivered(offset, originMicros, now, payload.length));
    }

    @Override
    public void settled(long offset) {
        assertThat(offset).isGreaterThan(settled());
        settled.add(offset);
    }

    /** What is settled by now. */
    long settled() {
        return settled.isEmpty() ? 0 : settled.get(settled.size() - 1);
    }

    /** A packet sent now arrives now. */
    void data(long offset) {
        data(offset, now);
    }

    void data(long offset, long originMicros) {
        packet(Packets.data(sequenceNumber(offset), PacketTimestamp.of(originMicros - ZERO), payload(offset)));
    }

    void retransmission(long offset, long originMicros) {
        packet(Packets.data(sequenceNumber(offset), PacketTimestamp.of(originMicros - ZERO), true, payload(offset)));
    }

    void packet(ByteBuffer data) {
        receiver.onData(data, now);
        drain();
    }

    void dropRequest(long first, long last) {
        receiver.onDropRequest(Packets.dropRequest(sequenceNumber(first), sequenceNumber(last)), now);
        drain();
    }

    void ackAck(int number) {
        receiver.onAckAck(Packets.bare(ControlType.ACK_ACK, number, PacketTimestamp.of(now - ZERO)), now);
        drain();
    }

    /** Lets time pass, with every timeout at its time. */
    void run(long micros) {
        long end = now + micros;
        int timeouts = 0;
        for (long next = receiver.nextTimeoutMicros(); next <= end; next = receiver.nextTimeoutMicros()) {
            assertThat(++timeouts).as("timeouts without an end").isLessThan(1_000_000);
            now = Math.max(now, next);
            receiver.onTimeout(now);
            drain();
            assertThat(receiver.nextTimeoutMicros()).isGreaterThan(now);
        }
        now = end;
    }

    int sequenceNumber(long offset) {
        return SequenceNumber.plus(first, offset);
    }

    List<Long> offsets() {
        return delivered.stream().map(Delivered::offset).toList();
    }

    List<Integer> reported() {
        List<Integer> offsets = new ArrayList<>();
        for (Nak nak : naks) {
            for (WrittenPackets.Range range : nak.losses) {
                int length = SequenceNumber.distance(range.first(), range.last());
                for (int i = 0; i <= length; i++) {
                    offsets.add(SequenceNumber.distance(first, range.first()) + i);
                }
            }
        }
        return offsets;
    }

    private void drain() {
        boolean wrote = receiver.drain(peer, written, now);
        List<ByteBuffer> packets = written.take();
        assertThat(wrote).isEqualTo(!packets.isEmpty());
        for (ByteBuffer packet : packets) {
            if (WrittenPackets.is(packet, ControlType.NAK)) {
                naks.add(new Nak(now, packet.remaining(), WrittenPackets.losses(packet)));
            } else {
                assertThat(WrittenPackets.is(packet, ControlType.ACK)).isTrue();
                acks.add(new Ack(
                        now,
                        AckPacket.ackNumber(packet),
                        SequenceNumber.unwrap(first, AckPacket.sequenceNumber(packet), settled()),
                        packet.remaining(),
                        AckPacket.hasRoundTrip(packet) ? AckPacket.availableBufferPackets(packet) : -1));
            }
        }
    }

    private static byte[] payload(long offset) {
        return new byte[1 + (int) Math.floorMod(offset, 1316L)];
    }
}
