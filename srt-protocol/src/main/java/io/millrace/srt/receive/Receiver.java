package io.millrace.srt.receive;

import io.millrace.srt.crypto.CipherMode;
import io.millrace.srt.crypto.KeyFlags;
import io.millrace.srt.crypto.StreamKeys;
import io.millrace.srt.packet.AckPacket;
import io.millrace.srt.packet.ControlHeader;
import io.millrace.srt.packet.DataHeader;
import io.millrace.srt.packet.DatagramSink;
import io.millrace.srt.packet.DropRequest;
import io.millrace.srt.packet.LossList;
import io.millrace.srt.packet.Peer;
import io.millrace.srt.packet.SequenceNumber;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The receiving side of a connection: buffer, acknowledgements, loss reports, too-late drop and delivery.
 * draft-sharabayko-srt §4.5 - §4.8.
 */
public final class Receiver {
    /**
     * Everything but delivery by timestamp happens on multiples of this, so that all connections of a loop share their
     * wake-ups. It is also the period of full ACKs.
     */
    public static final long GRID_MICROS = AckSchedule.PERIOD_MICROS;

    private static final long MIN_NAK_INTERVAL_MICROS = 20_000;
    private static final long FIRST_NAK_INTERVAL_MICROS = 40_000;
    private static final long URGENT_ROUND_TRIPS = 3;
    private static final long NOTHING_FRESH = Long.MAX_VALUE;

    private final int firstSequenceNumber;
    private final TsbpdClock clock;
    private final Delivery delivery;
    private final long latencyMicros;
    private final int maximumPayload;
    private final @Nullable StreamKeys keys;
    private final PayloadReceiver target;
    private final RttEstimator rtt;
    private final ReceiveStatistics statistics;

    private final ReceiveBuffer buffer;
    private final AckSchedule acks = new AckSchedule();
    private final ReceiveRates rates;

    private boolean fullAckDue;
    private boolean lightAckDue;
    /** Where the losses begin that no NAK has named yet. */
    private long freshLossesFrom = NOTHING_FRESH;

    private boolean nakRepeatDue;
    private long reportedSettled;
    private long nextTickMicros = Long.MAX_VALUE;

    /** What a receiver is made with; latency in microseconds, capacity in packets (a power of two). */
    public record Parameters(
            int firstSequenceNumber, Delivery delivery, long latencyMicros, int maximumPayload, int capacity) {}

    /**
     * @param clock time base of the peer's timestamps
     * @param keys what decrypts; null if nothing can be
     */
    public Receiver(
            Parameters parameters,
            TsbpdClock clock,
            @Nullable StreamKeys keys,
            PayloadReceiver target,
            RttEstimator rtt,
            ReceiveStatistics statistics) {
        firstSequenceNumber = parameters.firstSequenceNumber();
        delivery = parameters.delivery();
        latencyMicros = parameters.latencyMicros();
        maximumPayload = parameters.maximumPayload();
        this.clock = clock;
        this.keys = keys;
        this.target = target;
        this.rtt = rtt;
        this.statistics = statistics;
        buffer = new ReceiveBuffer(parameters.capacity(), delivery);
        rates = new ReceiveRates(maximumPayload);
    }

    /** Takes a data packet. */
    public void onData(ByteBuffer packet, long nowMicros) {
        int length = DataHeader.payloadLength(packet);
        boolean retransmitted = DataHeader.isRetransmitted(packet);
        statistics.pktRecvTotal++;
        statistics.byteRecvTotal += length + DataHeader.COUNTED_LENGTH;
        if (retransmitted) {
            statistics.pktRcvRetransTotal++;
        }
        if (length > maximumPayload) {
            statistics.oversizedPackets++;
            return;
        }
        int sequenceNumber = DataHeader.sequenceNumber(packet);
        long end = buffer.end();
        long offset = SequenceNumber.unwrap(firstSequenceNumber, sequenceNumber, end);
        boolean inOrder = offset >= end;
        rates.onArrival(nowMicros, sequenceNumber, length, !retransmitted, inOrder);
        insert(packet, offset, length, nowMicros);
        reportSettled();
        if (acks.onPacket()) {
            lightAckDue = true;
        }
        armTick(nowMicros);
    }

    private void insert(ByteBuffer packet, long offset, int length, long nowMicros) {
        long origin = clock.originMicros(DataHeader.timestamp(packet), nowMicros);
        boolean authenticated = keys != null && keys.mode() == CipherMode.GCM;
        byte[] payload = null;
        if (delivery == Delivery.BY_TIMESTAMP || authenticated) {
            payload = payload(packet);
        }
        if (authenticated && payload == null) {
            // Forged or damaged: it must not take the place of the real one, which is still missing.
            countUndecryptable(length);
            return;
        }
        long end = buffer.end();
        ReceiveBuffer.Insertion insertion = buffer.insert(offset, origin, payload);
        if (insertion == ReceiveBuffer.Insertion.BEYOND_CAPACITY) {
            makeRoom(offset);
            insertion = buffer.insert(offset, origin, payload);
        }
        switch (insertion) {
            case ACCEPTED, ACCEPTED_AFTER_GAP -> {
                if (insertion == ReceiveBuffer.Insertion.ACCEPTED_AFTER_GAP) {
                    statistics.pktRcvLossTotal += offset - end;
                    freshLossesFrom = Math.min(freshLossesFrom, end);
                }
                statistics.pktRecvUniqueTotal++;
                statistics.byteRecvUniqueTotal += length + DataHeader.COUNTED_LENGTH;
                if (offset < end && !DataHeader.isRetransmitted(packet)) {
                    statistics.pktReorderDistance = Math.max(statistics.pktReorderDistance, end - 1 - offset);
                }
                byte[] inClear = payload == null && delivery == Delivery.ON_ARRIVAL ? payload(packet) : payload;
                if (inClear == null) {
                    // Consumed all the same, so that the stream doesn't stall on it.
                    countUndecryptable(length);
                    statistics.pktRcvDropTotal++;
                } else if (delivery == Delivery.ON_ARRIVAL) {
                    target.received(offset, origin, inClear);
                }
            }
            case BELATED -> {
                statistics.pktRcvBelatedTotal++;
                statistics.belatedMicros += Math.max(0, nowMicros - origin - latencyMicros);
            }
            case DUPLICATE, BEYOND_CAPACITY -> {}
        }
    }

    /** Message drop request, §3.2.9: what the sender won't send again need not be asked for again. */
    public void onDropRequest(ByteBuffer packet, long nowMicros) {
        long end = buffer.end();
        long from = SequenceNumber.unwrap(firstSequenceNumber, DropRequest.first(packet), end);
        long to = SequenceNumber.unwrap(firstSequenceNumber, DropRequest.last(packet), end) + 1;
        statistics.pktRcvDropTotal += buffer.giveUp(from, to);
        if (from <= end && to > end && to <= end + buffer.available()) {
            buffer.skipTo(to);
            statistics.pktRcvDropTotal += to - end;
        }
        reportSettled();
        armTick(nowMicros);
    }

    /** ACKACK, §3.2.8: a round trip has ended. */
    public void onAckAck(ByteBuffer packet, long nowMicros) {
        long sample = acks.confirmed(ControlHeader.typeSpecific(packet), nowMicros);
        if (sample >= 0) {
            rtt.sample(sample);
            clock.sampleDrift(ControlHeader.timestamp(packet), nowMicros, sample);
        }
    }

    /** Keep-alive, §3.2.3: tells the sender's time when nothing else does. */
    public void onKeepAlive(ByteBuffer packet, long nowMicros) {
        clock.sampleDrift(ControlHeader.timestamp(packet), nowMicros, -1);
    }

    /** Does what is due; what it leads to is drained next. */
    public void onTimeout(long nowMicros) {
        // First what is given up, so that this tick's ACK tells of it.
        dropTooLate(nowMicros);
        reportSettled();
        deliver(nowMicros);
        if (nowMicros >= nextTickMicros) {
            fullAckDue |= acks.isDue(buffer.firstMissing(), buffer.window(), nowMicros, rtt.patienceMicros());
            nakRepeatDue = buffer.missing() > 0;
            nextTickMicros = Long.MAX_VALUE;
        }
        armTick(nowMicros);
    }

    /** Earliest time at which {@link #onTimeout} has something to do; {@link Long#MAX_VALUE} if nothing is pending. */
    public long nextTimeoutMicros() {
        if (delivery == Delivery.ON_ARRIVAL) {
            return nextTickMicros;
        }
        long origin = nextDueOriginMicros();
        return Math.min(nextTickMicros, origin == Long.MAX_VALUE ? origin : origin + latencyMicros);
    }

    private long nextDueOriginMicros() {
        return Math.min(buffer.nextDeliveryOriginMicros(), buffer.firstGapEndOriginMicros());
    }

    /** Writes the acknowledgements and loss reports that are due. Returns whether there were any. */
    public boolean drain(Peer peer, DatagramSink sink, long nowMicros) {
        boolean wrote = fullAckDue || lightAckDue;
        if (fullAckDue) {
            writeAck(peer, sink, nowMicros);
        } else if (lightAckDue) {
            ByteBuffer to = sink.begin(peer.address(), AckPacket.LIGHT_LENGTH);
            AckPacket.writeLight(to, sequenceNumber(buffer.firstMissing()), peer.timestamp(nowMicros), peer.socketId());
            sink.end();
        }
        fullAckDue = false;
        lightAckDue = false;
        if (freshLossesFrom != NOTHING_FRESH) {
            wrote |= writeNak(peer, sink, nowMicros, freshLossesFrom, false);
            freshLossesFrom = NOTHING_FRESH;
        }
        if (nakRepeatDue) {
            nakRepeatDue = false;
            // Counted for each loss from its own last report.
            wrote |= writeNak(peer, sink, nowMicros, buffer.firstMissing(), true);
        }
        return wrote;
    }

    /**
     * How long after a report it is repeated. §4.8.2: (RTT + 4 × variance) / 2, at least 20 ms; but a quarter of a round trip
     * where the loss has no time for many more, and little while the round trip is a guess. Reports get lost too, and
     * that is what costs most packets; a sender that suppresses retransmissions, as libsrt does, answers no more often.
     */
    private long nakIntervalMicros(long gapEnd, long nowMicros) {
        if (!rtt.isMeasured()) {
            return FIRST_NAK_INTERVAL_MICROS;
        }
        long left = buffer.originMicros(gapEnd) + latencyMicros - nowMicros;
        long interval = left < URGENT_ROUND_TRIPS * rtt.rttMicros() ? rtt.rttMicros() / 4 : rtt.patienceMicros() / 2;
        return Math.max(interval, MIN_NAK_INTERVAL_MICROS);
    }

    /** Whether payloads wait for their time. */
    public boolean isHolding() {
        return delivery == Delivery.BY_TIMESTAMP && nextDueOriginMicros() != Long.MAX_VALUE;
    }

    /** Free receive buffer, packets. */
    public int availablePackets() {
        return buffer.available();
    }

    /** Packets held, until delivery or (on arrival) until nothing before them is missing. */
    public int heldPackets() {
        return buffer.held();
    }

    /** Bytes held for delivery. */
    public long heldBytes() {
        return buffer.heldBytes();
    }

    /** Time from the oldest to the newest packet held, microseconds. */
    public long heldMicros() {
        return buffer.heldMicros();
    }

    /** Estimated capacity of the link, full packets per second. */
    public int linkCapacityPackets() {
        return rates.linkCapacityPackets();
    }

    /** For a packet further ahead than the buffer reaches: the oldest goes first, early or given up. */
    private void makeRoom(long offset) {
        long newStart = offset + 1 - buffer.capacity();
        if (newStart >= buffer.end()) {
            jumpTo(offset);
            return;
        }
        statistics.pktRcvDropTotal += buffer.giveUpTo(newStart);
        while (delivery == Delivery.BY_TIMESTAMP && buffer.nextDelivery() < newStart) {
            deliverNext(buffer.nextDeliveryOriginMicros());
        }
    }

    private void jumpTo(long offset) {
        statistics.sequenceJumps++;
        long end = buffer.end();
        statistics.pktRcvDropTotal += buffer.giveUpTo(end);
        statistics.pktRcvLossTotal += offset - end;
        statistics.pktRcvDropTotal += offset - end;
        deliverHeld();
        buffer.restartAt(offset);
        freshLossesFrom = NOTHING_FRESH;
        reportSettled();
    }

    private void reportSettled() {
        if (buffer.firstMissing() > reportedSettled) {
            reportedSettled = buffer.firstMissing();
            target.settled(reportedSettled);
        }
    }

    /** §4.6, receiver: what is missing when the packet behind it is due will not be waited for. */
    private void dropTooLate(long nowMicros) {
        while (true) {
            long origin = buffer.firstGapEndOriginMicros();
            if (origin == Long.MAX_VALUE || origin + latencyMicros > nowMicros) {
                return;
            }
            statistics.pktRcvDropTotal += buffer.giveUpFirstGap();
        }
    }

    private void deliver(long nowMicros) {
        if (delivery == Delivery.BY_TIMESTAMP) {
            long origin = buffer.nextDeliveryOriginMicros();
            while (origin != Long.MAX_VALUE && origin + latencyMicros <= nowMicros) {
                deliverNext(origin);
                origin = buffer.nextDeliveryOriginMicros();
            }
        }
    }

    /** Hands over what is held without waiting for its time: the sender's clock has no meaning for it any more. */
    private void deliverHeld() {
        if (delivery == Delivery.BY_TIMESTAMP) {
            long origin = buffer.nextDeliveryOriginMicros();
            while (origin != Long.MAX_VALUE) {
                deliverNext(origin);
                origin = buffer.nextDeliveryOriginMicros();
            }
        }
    }

    private void deliverNext(long origin) {
        long offset = buffer.nextDelivery();
        byte[] payload = buffer.deliver();
        if (payload != null) {
            target.received(offset, origin, payload);
        }
    }

    private void armTick(long nowMicros) {
        if (nextTickMicros == Long.MAX_VALUE && (acks.isPending(buffer.firstMissing()) || buffer.missing() > 0)) {
            nextTickMicros = (Math.floorDiv(nowMicros, GRID_MICROS) + 1) * GRID_MICROS;
        }
    }

    private void writeAck(Peer peer, DatagramSink sink, long nowMicros) {
        boolean small = acks.isSmall(nowMicros);
        int number = acks.sent(buffer.firstMissing(), buffer.window(), nowMicros);
        ByteBuffer to = sink.begin(peer.address(), AckPacket.FULL_LENGTH);
        AckPacket.writeSmall(
                to,
                number,
                sequenceNumber(buffer.firstMissing()),
                rtt.rttMicros(),
                rtt.varianceMicros(),
                buffer.window(),
                peer.timestamp(nowMicros),
                peer.socketId());
        if (!small) {
            AckPacket.writeRates(to, rates.packetsPerSecond(), rates.linkCapacityPackets(), rates.bytesPerSecond());
        }
        sink.end();
        statistics.pktSentACKTotal++;
    }

    /**
     * One datagram of losses, lowest first; what doesn't fit waits for the next repetition.
     *
     * @param repeat whether losses that were reported before are repeated when their time has come
     */
    private boolean writeNak(Peer peer, DatagramSink sink, long nowMicros, long from, boolean repeat) {
        NakPacket nak = new NakPacket(peer, sink, nowMicros);
        long offset = Math.max(from, buffer.firstMissing());
        long end = buffer.end();
        while (offset < end && nak.hasRoom()) {
            if (buffer.isMissing(offset)) {
                long gapEnd = buffer.gapEnd(offset);
                long reportedUntil = repeat ? nowMicros - nakIntervalMicros(gapEnd, nowMicros) : ReceiveBuffer.NEVER;
                nak.addDue(offset, gapEnd, reportedUntil);
                offset = gapEnd;
            } else {
                offset++;
            }
        }
        return nak.finish();
    }

    /** A loss report in the making; not begun unless there is something to report. */
    private final class NakPacket {
        private final Peer peer;
        private final DatagramSink sink;
        private final long nowMicros;
        private @Nullable ByteBuffer packet;
        private int room = maximumPayload & ~3;

        NakPacket(Peer peer, DatagramSink sink, long nowMicros) {
            this.peer = peer;
            this.sink = sink;
            this.nowMicros = nowMicros;
        }

        boolean hasRoom() {
            return room > 0;
        }

        /** Adds what of this gap was not reported since {@code reportedUntil}. */
        void addDue(long gapStart, long gapEnd, long reportedUntil) {
            long offset = gapStart;
            while (offset < gapEnd && hasRoom()) {
                long runEnd = offset;
                while (runEnd < gapEnd && buffer.isReportDue(runEnd, reportedUntil)) {
                    runEnd++;
                }
                if (runEnd > offset) {
                    add(offset, runEnd);
                }
                offset = runEnd + 1;
            }
        }

        private void add(long from, long until) {
            int first = sequenceNumber(from);
            int last = sequenceNumber(until - 1);
            int length = LossList.encodedLength(first, last);
            if (length > room) {
                room = 0;
                return;
            }
            room -= length;
            ByteBuffer to = packet;
            if (to == null) {
                to = sink.begin(peer.address(), ControlHeader.LENGTH + maximumPayload);
                LossList.writeHeader(to, peer.timestamp(nowMicros), peer.socketId());
                packet = to;
            }
            LossList.writeRange(to, first, last);
            for (long reported = from; reported < until; reported++) {
                buffer.reported(reported, nowMicros);
            }
        }

        /** Ends the packet; returns whether there was one. */
        boolean finish() {
            if (packet == null) {
                return false;
            }
            sink.end();
            statistics.pktSentNAKTotal++;
            return true;
        }
    }

    private int sequenceNumber(long offset) {
        return SequenceNumber.plus(firstSequenceNumber, offset);
    }

    private void countUndecryptable(int length) {
        statistics.pktRcvUndecryptTotal++;
        statistics.byteRcvUndecryptTotal += length;
    }

    /** The payload in clear, in an array of its own; null if it can't be had. Decryption is the one copy. */
    private byte @Nullable [] payload(ByteBuffer packet) {
        if (keys != null) {
            return keys.decrypt(packet);
        }
        if (DataHeader.keyFlags(packet) != KeyFlags.CLEAR) {
            return null;
        }
        byte[] payload = new byte[DataHeader.payloadLength(packet)];
        packet.get(packet.position() + DataHeader.LENGTH, payload);
        return payload;
    }
}
