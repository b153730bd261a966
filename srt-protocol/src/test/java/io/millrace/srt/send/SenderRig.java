package io.millrace.srt.send;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.srt.packet.ControlHeader;
import io.millrace.srt.packet.ControlType;
import io.millrace.srt.packet.DataHeader;
import io.millrace.srt.packet.DropRequest;
import io.millrace.srt.packet.PacketDecoder;
import io.millrace.srt.packet.Packets;
import io.millrace.srt.packet.Peer;
import io.millrace.srt.packet.SequenceNumber;
import io.millrace.srt.packet.WrittenPackets;
import io.millrace.srt.receive.RttEstimator;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** A sender in virtual time, drained after each input as its connection does it. */
final class SenderRig {
    static final long MILLI = 1_000;
    static final long SECOND = 1_000_000;
    /** Our time zero of timestamps; a test starts a minute later, as a granted connection does. */
    static final long ZERO = 55_000_000_000L;

    static final BandwidthLimit UNLIMITED = BandwidthLimit.DEFAULT;

    /** A data packet that was written. */
    record Data(long atMicros, long offset, boolean retransmitted, int messageNumber, int timestamp, byte[] payload) {}

    final List<Data> data = new ArrayList<>();
    final List<Integer> ackAcks = new ArrayList<>();
    /** Offsets, both ends included. */
    final List<List<Long>> dropRequests = new ArrayList<>();

    final RttEstimator rtt = new RttEstimator();
    final SendStatistics statistics = new SendStatistics();
    final Sender sender;
    long now = ZERO + 60 * SECOND;

    private final int first;
    private final Peer peer = new Peer(new InetSocketAddress(InetAddress.getLoopbackAddress(), 5000), 77, ZERO);
    private final WrittenPackets written = new WrittenPackets();
    private int ackNumber;

    SenderRig(PayloadLog log) {
        this(log, 1_000, 8192, 120 * MILLI, UNLIMITED);
    }

    SenderRig(PayloadLog log, int first, int window, long latencyMicros, BandwidthLimit bandwidth) {
        this.first = first;
        sender = new Sender(
                new Sender.Parameters(first, 0, 0, latencyMicros, window, bandwidth), log, null, rtt, statistics);
    }

    /** The log has more. */
    void wake() {
        turnAfter(0);
    }

    /** It gets its turn now, after having waited for it. Returns what it writes. */
    List<ByteBuffer> turnAfter(long waitedMicros) {
        boolean wrote = sender.drain(peer, written, now, waitedMicros);
        List<ByteBuffer> packets = written.take();
        assertThat(wrote).isEqualTo(!packets.isEmpty());
        packets.forEach(this::note);
        return packets;
    }

    void ack(long offset, int window) {
        ack(++ackNumber, offset, 100_000, 50_000, window);
    }

    void ack(int number, long offset, int rttMicros, int varianceMicros, int window) {
        packetAck(Packets.ack(number, sequenceNumber(offset), rttMicros, varianceMicros, window));
    }

    void packetAck(ByteBuffer ack) {
        sender.onAck(ack);
        wake();
    }

    void nak(long first, long last) {
        nak(Packets.nak(sequenceNumber(first), sequenceNumber(last)));
    }

    void nak(ByteBuffer nak) {
        sender.onNak(nak, now);
        wake();
    }

    /** Lets time pass, with every timeout at its time. */
    void run(long micros) {
        long end = now + micros;
        int inVain = 0;
        for (long next = sender.nextTimeoutMicros(); next <= end; next = sender.nextTimeoutMicros()) {
            inVain = next > now ? 0 : inVain + 1;
            assertThat(inVain).as("timeouts without an end").isLessThan(6);
            now = Math.max(now, next);
            sender.onTimeout(now);
            wake();
        }
        now = end;
    }

    int sequenceNumber(long offset) {
        return SequenceNumber.plus(first, offset);
    }

    List<Long> offsets() {
        return data.stream().map(Data::offset).toList();
    }

    List<Data> retransmissions() {
        return data.stream().filter(Data::retransmitted).toList();
    }

    private void note(ByteBuffer packet) {
        if (!PacketDecoder.isControl(packet)) {
            byte[] payload = new byte[DataHeader.payloadLength(packet)];
            packet.get(DataHeader.LENGTH, payload);
            data.add(new Data(
                    now,
                    offset(DataHeader.sequenceNumber(packet)),
                    DataHeader.isRetransmitted(packet),
                    DataHeader.messageNumber(packet),
                    DataHeader.timestamp(packet),
                    payload));
        } else if (WrittenPackets.is(packet, ControlType.ACK_ACK)) {
            ackAcks.add(ControlHeader.typeSpecific(packet));
        } else {
            assertThat(WrittenPackets.is(packet, ControlType.DROP_REQUEST)).isTrue();
            dropRequests.add(List.of(offset(DropRequest.first(packet)), offset(DropRequest.last(packet))));
        }
    }

    private long offset(int sequenceNumber) {
        return SequenceNumber.distance(first, sequenceNumber);
    }
}
