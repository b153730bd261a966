package io.millrace.srt.send;

import io.millrace.srt.crypto.CipherMode;
import io.millrace.srt.crypto.KeyFlags;
import io.millrace.srt.crypto.SendKeys;
import io.millrace.srt.packet.AckPacket;
import io.millrace.srt.packet.BareControlPacket;
import io.millrace.srt.packet.ControlType;
import io.millrace.srt.packet.DataHeader;
import io.millrace.srt.packet.DatagramSink;
import io.millrace.srt.packet.LossList;
import io.millrace.srt.packet.MessageNumber;
import io.millrace.srt.packet.Payload;
import io.millrace.srt.packet.Peer;
import io.millrace.srt.packet.SequenceNumber;
import io.millrace.srt.receive.Receiver;
import io.millrace.srt.receive.RttEstimator;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The sending side of a connection: a window on a {@link PayloadLog}, retransmission, pacing and too-late drop.
 * draft-sharabayko-srt §4.6 - §4.8, §5.1.
 *
 * <p>It owns positions, no payloads: sequence number, message number and timestamp of a packet follow from its position
 * and its payload's origin time, and its key from the positions at which keys changed, so a retransmission equals the
 * first transmission (but for the R flag) without being stored.
 */
public final class Sender {
    /** A NAK names at most this many packets that are looked at; more is left to the next one. */
    private static final int MAX_REPORTED_PACKETS = 8192;

    /** libsrt 1.5 drops at max(latency, 1 s) + 20 ms; the draft's 1.25 × latency is not what peers do. */
    private static final long MIN_DROP_MICROS = 1_000_000;

    private static final long DROP_MARGIN_MICROS = 20_000;
    private static final long DROP_CHECK_MICROS = 250_000;
    private static final long MAX_COPY_SPREAD_MICROS = 10_000;
    private static final long MIN_COPY_SPREAD_MICROS = 1_000;
    /** How often a packet asks for room that the peer has not offered. */
    private static final long WINDOW_PROBE_MICROS = 1_000_000;

    /** Turns that come this late or sooner lose nothing, whatever the latency: a pause is no overload. */
    private static final long MIN_SHEDDING_WAIT_MICROS = 100_000;

    private static final long NOT_BLOCKED = Long.MAX_VALUE;
    /** A receiver notices a loss by the next packet; when none follows, the last one is sent again this often. */
    private static final int MAX_TAIL_PROBES = 4;

    /** Longer than the pause between the frames of a stream that comes frame by frame. */
    private static final long MIN_TAIL_PROBE_MICROS = 50_000;

    private PayloadLog log;
    /** The same as the log while that is the past; null from when it has been caught up with. */
    private @Nullable CatchUpLog catchUp;

    private final int firstSequenceNumber;
    private final long firstPosition;
    private final long latencyMicros;
    private final long dropAfterMicros;
    private final @Nullable SendKeys keys;
    private final RttEstimator rtt;
    private final SendStatistics statistics;
    private final Pacer pacer;
    private final RetransmitList retransmits = new RetransmitList();

    /** Next arrival of the log to be sent. */
    private long arrival;
    /** Everything before this is acknowledged, or dropped as too late. */
    private long acknowledged;
    /** Everything before this is acknowledged. */
    private long peerAcknowledged;
    /** One past the highest position sent. */
    private long end;
    /** First position that the peer's flow window does not allow. */
    private long windowEnd;

    private int pendingAckAck;
    private final DropRequestQueue dropRequests;
    private long pacedUntilMicros = NOT_BLOCKED;
    /** When more of the past is to be sent. */
    private long catchUpDueMicros = NOT_BLOCKED;
    /** Retransmissions wait for budget, which only the next first transmission brings: no timer can help. */
    private boolean retransmitsDeferred;
    /** Whether the present turn came too late for all that it was to send. */
    private boolean overloaded;

    private long nextDropCheckMicros = Long.MAX_VALUE;

    private long lastOriginalMicros;
    private int tailProbes;

    /** Since when there is something to send or unacknowledged; -1 if there is nothing. */
    private long busySinceMicros = -1;

    private int peerLinkCapacityPackets;

    /**
     * What a sender is made with.
     *
     * @param firstPosition position that has the first sequence number
     * @param firstArrival arrival of the log to begin with
     * @param latencyMicros latency of the peer's receiver
     * @param flowWindow packets that may be unacknowledged
     */
    public record Parameters(
            int firstSequenceNumber,
            long firstPosition,
            long firstArrival,
            long latencyMicros,
            int flowWindow,
            BandwidthLimit bandwidth) {}

    /**
     * @param log what to send; read from now on
     * @param keys what encrypts it, or null
     */
    public Sender(
            Parameters parameters,
            PayloadLog log,
            @Nullable SendKeys keys,
            RttEstimator rtt,
            SendStatistics statistics) {
        this.log = log;
        this.keys = keys;
        this.rtt = rtt;
        this.statistics = statistics;
        firstSequenceNumber = parameters.firstSequenceNumber();
        firstPosition = parameters.firstPosition();
        dropRequests = new DropRequestQueue(firstSequenceNumber);
        arrival = parameters.firstArrival();
        acknowledged = firstPosition;
        peerAcknowledged = firstPosition;
        end = firstPosition;
        windowEnd = firstPosition + parameters.flowWindow();
        latencyMicros = parameters.latencyMicros();
        dropAfterMicros = Math.max(parameters.latencyMicros(), MIN_DROP_MICROS) + DROP_MARGIN_MICROS;
        pacer = new Pacer(parameters.bandwidth());
    }

    /** Makes it begin with a backlog, from whose first position and arrival it was made to send. */
    public void catchUp(Backlog backlog, long nowMicros) {
        begin(backlog, nowMicros);
        pacer.speed(backlog.speed());
    }

    private void begin(Backlog from, long nowMicros) {
        catchUp = new CatchUpLog(from, nowMicros, latencyMicros);
        log = catchUp;
        arrival = from.arrivalBeforeLog();
    }

    /**
     * The peer says that it did not know of the connection, so what it was sent of a backlog is lost, and would come too late
     * when it asks for it. It is sent from the beginning, with other dates: not with AES-GCM, which authenticates the date
     * and must not do so twice for one sequence number.
     */
    public void onPeerArrives(long nowMicros) {
        boolean isBeginning = peerAcknowledged == firstPosition && acknowledged == firstPosition;
        if (catchUp != null && isBeginning && (keys == null || keys.mode() != CipherMode.GCM)) {
            retransmits.forgetBefore(end);
            begin(catchUp.backlog(), nowMicros);
        }
    }

    /** ACK, §4.8.1. */
    public void onAck(ByteBuffer packet) {
        int sequenceNumber = AckPacket.sequenceNumber(packet);
        boolean light = AckPacket.ackNumber(packet) == 0;
        if (!SequenceNumber.isValid(sequenceNumber)) {
            statistics.roguePackets++;
            return;
        }
        long position = position(sequenceNumber);
        if (position > end) {
            statistics.roguePackets++;
            return;
        }
        boolean stale = position < peerAcknowledged;
        peerAcknowledged = Math.max(peerAcknowledged, position);
        if (position > acknowledged) {
            acknowledged = position;
            retransmits.forgetBefore(position);
        }
        if (light) {
            return;
        }
        statistics.pktRecvACKTotal++;
        pendingAckAck = AckPacket.ackNumber(packet);
        if (AckPacket.hasRoundTrip(packet) && !stale) {
            rtt.adopt(AckPacket.rttMicros(packet), AckPacket.rttVarianceMicros(packet));
            int window = AckPacket.availableBufferPackets(packet);
            // What is dropped here takes no room there.
            windowEnd = acknowledged + Math.min(Math.max(window, 0), SequenceNumber.MAX / 4);
        }
        if (AckPacket.hasRates(packet) && AckPacket.linkCapacityPackets(packet) > 0) {
            int capacity = AckPacket.linkCapacityPackets(packet);
            peerLinkCapacityPackets =
                    peerLinkCapacityPackets == 0 ? capacity : (int) ((7L * peerLinkCapacityPackets + capacity) / 8);
        }
    }

    /** NAK, §4.8.2. */
    public void onNak(ByteBuffer packet, long nowMicros) {
        statistics.pktRecvNAKTotal++;
        // libsrt 1.5, RETRANSMITALGO 1: a report that comes sooner than the last copy could have been heard is stale.
        long suppress = rtt.rttMicros() - 4L * rtt.varianceMicros();
        int[] budget = {MAX_REPORTED_PACKETS};
        LossList.forEach(packet, (first, last) -> {
            long from = position(first);
            long to = position(last) + 1;
            if (to > end || from >= to) {
                statistics.roguePackets++;
                return;
            }
            statistics.pktSndLossTotal += to - from;
            if (from < acknowledged) {
                requestDrop(from, Math.min(to, acknowledged));
                from = acknowledged;
            }
            for (long position = from; position < to && budget[0]-- > 0; position++) {
                report(position, nowMicros, suppress);
            }
        });
    }

    private void report(long position, long nowMicros, long suppressMicros) {
        Payload payload = log.payloadAt(position);
        if (payload != null) {
            statistics.lostOnTheWay += retransmits.has(position) ? 0 : 1;
            // With no time for another round, a report that may be stale is answered all the same.
            boolean urgent = isUrgent(payload, nowMicros);
            retransmits.report(position, nowMicros, urgent ? copySpreadMicros() : suppressMicros, urgent);
        } else if (position < log.settledEnd()) {
            requestDrop(position, position + 1);
        }
        // Otherwise it has not arrived here either: it is sent as soon as it does, asked for or not.
    }

    /** Does what is due; what it leads to is drained next. */
    public void onTimeout(long nowMicros) {
        if (nowMicros >= nextDropCheckMicros) {
            dropTooLate(nowMicros);
        }
        if (nowMicros >= tailProbeMicros()) {
            probeTail(nowMicros);
        }
    }

    /** When the last packet is to be sent again for want of an answer; never while others follow it. */
    private long tailProbeMicros() {
        if (end == acknowledged || tailProbes == MAX_TAIL_PROBES) {
            return Long.MAX_VALUE;
        }
        long patience = Math.max(rtt.patienceMicros() + Receiver.GRID_MICROS, MIN_TAIL_PROBE_MICROS);
        long due = lastOriginalMicros + patience * (tailProbes + 1);
        return (Math.floorDiv(due, Receiver.GRID_MICROS) + 1) * Receiver.GRID_MICROS;
    }

    private void probeTail(long nowMicros) {
        tailProbes++;
        if (log.payloadAt(end - 1) != null) {
            retransmits.report(end - 1, nowMicros, 0, false);
        }
    }

    /** Earliest time at which {@link #onTimeout} has something to do; {@link Long#MAX_VALUE} if nothing is pending. */
    public long nextTimeoutMicros() {
        // A retransmission that is due already waits for the pacer or the budget.
        boolean held = pacedUntilMicros != NOT_BLOCKED || retransmitsDeferred;
        long send = held ? pacedUntilMicros : Math.min(retransmits.nextDueMicros(), tailProbeMicros());
        return Math.min(Math.min(nextDropCheckMicros, catchUpDueMicros), send);
    }

    /**
     * Writes what may be sent now.
     *
     * @param waitedMicros how long this turn had to be waited for
     * @return whether there was anything
     */
    public boolean drain(Peer peer, DatagramSink sink, long nowMicros, long waitedMicros) {
        pacedUntilMicros = NOT_BLOCKED;
        catchUpDueMicros = NOT_BLOCKED;
        if (catchUp == null) {
            shedLoad(waitedMicros);
        } else if (catchUp.isOver(acknowledged)) {
            log = catchUp.log();
            catchUp = null;
            pacer.speed(1);
        }
        // libsrt 1.5: what is new goes first; under too-late drop a congested link is better used by what is in time.
        boolean wrote = drainArrivals(peer, sink, nowMicros);
        wrote |= drainRetransmits(peer, sink, nowMicros);
        // After the data: a shorter datagram may end a batch for one peer, but not begin it.
        wrote |= drainControl(peer, sink, nowMicros);
        armDropCheck(nowMicros);
        noteBusy(nowMicros);
        return wrote;
    }

    /**
     * Too many connections share a driver, so that turns come late: of what has piled up since the last turn, the oldest is
     * dropped beyond what the receiver's latency can make good. Each connection so loses its share, and what is sent is
     * in time. A link that is too slow is another matter, and left to the too-late drop.
     */
    private void shedLoad(long waitedMicros) {
        long excessMicros = waitedMicros - Math.max(latencyMicros, MIN_SHEDDING_WAIT_MICROS);
        overloaded = excessMicros > 0;
        if (!overloaded) {
            return;
        }
        long dropBefore = Long.MIN_VALUE;
        for (long arrivalEnd = log.arrivalEnd(); arrival < arrivalEnd; arrival++) {
            long position = log.positionOfArrival(arrival);
            Payload payload = position < acknowledged ? null : log.payloadAt(position);
            if (payload == null) {
                continue;
            }
            if (dropBefore == Long.MIN_VALUE) {
                dropBefore = payload.originMicros() + excessMicros;
            }
            if (payload.originMicros() >= dropBefore) {
                return;
            }
            end = Math.max(end, position + 1);
            statistics.pktShed++;
        }
    }

    private boolean drainControl(Peer peer, DatagramSink sink, long nowMicros) {
        boolean wrote = false;
        if (pendingAckAck != 0) {
            ByteBuffer to = sink.begin(peer.address(), BareControlPacket.LENGTH);
            BareControlPacket.write(to, ControlType.ACK_ACK, pendingAckAck, peer.timestamp(nowMicros), peer.socketId());
            sink.end();
            pendingAckAck = 0;
            wrote = true;
        }
        return wrote | dropRequests.drain(peer, sink, nowMicros);
    }

    private boolean drainArrivals(Peer peer, DatagramSink sink, long nowMicros) {
        boolean wrote = false;
        boolean probePair = false;
        long arrivalEnd = log.arrivalEnd();
        pacer.measureInput(arrivalEnd, nowMicros);
        if (keys != null && keys.isRenewing()) {
            return false;
        }
        while (arrival < arrivalEnd) {
            if (!probePair && !pacer.maySend(nowMicros)) {
                pacedUntilMicros = pacer.nextSendMicros();
                break;
            }
            long position = log.positionOfArrival(arrival);
            if (position < 0) {
                long oldest = Math.max(log.oldestArrival(), arrival + 1);
                statistics.pktLapped += oldest - arrival;
                arrival = oldest;
                continue;
            }
            Payload payload = position >= acknowledged ? log.payloadAt(position) : null;
            if (payload == null) {
                arrival++;
                continue;
            }
            if (catchUp != null && !catchUp.isDue(position, nowMicros)) {
                catchUpDueMicros = catchUp.dueMicros(position);
                break;
            }
            if (isTooLate(payload, nowMicros)) {
                arrival++;
                passOver(position, nowMicros);
                continue;
            }
            if (position >= windowEnd && !maySendBeyondWindow(position, nowMicros)) {
                break;
            }
            arrival++;
            boolean late = position < end;
            end = Math.max(end, position + 1);
            if (keys != null && !late) {
                keys.beforeFirst(position - firstPosition);
            }
            send(peer, sink, payload, false);
            pacer.sentOriginal(payload.length(), nowMicros);
            if (late && isUrgent(payload, nowMicros)) {
                retransmits.follow(position, nowMicros, copySpreadMicros());
            }
            lastOriginalMicros = nowMicros;
            tailProbes = 0;
            // §5.1.3: every 16th packet is followed by its successor without a pause, for the receiver to measure.
            probePair = (sequenceNumber(position) & 15) == 0;
            wrote = true;
        }
        return wrote;
    }

    /** Whether this position may be sent although it lies behind the flow window. */
    private boolean maySendBeyondWindow(long position, long nowMicros) {
        dropTooLate(nowMicros);
        if (end != acknowledged) {
            return position < windowEnd;
        }
        if (position <= log.settledEnd()) {
            // Nothing is under way that an ACK would answer, and what lies between will never be sent.
            forgetUpTo(position);
        }
        // The peer has no room. Should the ACK that tells of room be lost, one packet now and then must ask.
        return position < windowEnd || nowMicros - lastOriginalMicros >= WINDOW_PROBE_MICROS;
    }

    private boolean isPastLatency(Payload payload, long nowMicros) {
        return payload.originMicros() < nowMicros - latencyMicros;
    }

    private boolean isTooLate(Payload payload, long nowMicros) {
        return payload.originMicros() < nowMicros - dropAfterMicros;
    }

    /** For a payload that arrived too late to be sent; counts it once, alone or with what is under way. */
    private void passOver(long position, long nowMicros) {
        end = Math.max(end, position + 1);
        dropTooLate(nowMicros);
        if (position >= acknowledged) {
            statistics.pktSndDropTotal++;
        }
    }

    /** Takes everything before {@code position} for acknowledged; the peer's window moves with it. */
    private void forgetUpTo(long position) {
        windowEnd += position - acknowledged;
        acknowledged = position;
        end = Math.max(end, position);
        retransmits.forgetBefore(position);
    }

    private boolean drainRetransmits(Peer peer, DatagramSink sink, long nowMicros) {
        boolean wrote = false;
        retransmitsDeferred = false;
        int index = retransmits.nextDue(0, nowMicros);
        while (index >= 0) {
            Payload payload = log.payloadAt(retransmits.position(index));
            if (payload == null || isTooLate(payload, nowMicros) || overloaded && isPastLatency(payload, nowMicros)) {
                retransmits.cancel(index);
            } else if (!pacer.maySend(nowMicros)) {
                pacedUntilMicros = pacer.nextSendMicros();
                break;
            } else if (!pacer.takeRetransmission(payload.length() + DataHeader.COUNTED_LENGTH)) {
                // The budget grows with what is sent for the first time, so the next payload brings us here again.
                statistics.retransmissionsDeferred++;
                retransmitsDeferred = true;
                break;
            } else {
                send(peer, sink, payload, true);
                pacer.sent(payload.length(), nowMicros);
                retransmits.sent(index, nowMicros, copySpreadMicros());
                wrote = true;
            }
            index = retransmits.nextDue(index + 1, nowMicros);
        }
        return wrote;
    }

    private void send(Peer peer, DatagramSink sink, Payload payload, boolean retransmitted) {
        long position = payload.position();
        int length = payload.length() + (keys == null ? 0 : keys.mode().overheadBytes());
        ByteBuffer to = sink.begin(peer.address(), DataHeader.LENGTH + length);
        DataHeader.write(
                to,
                sequenceNumber(position),
                MessageNumber.ofOffset(position - firstPosition),
                keys == null ? KeyFlags.CLEAR : keys.keyFlagsAt(position - firstPosition),
                retransmitted,
                peer.timestamp(payload.originMicros()),
                peer.socketId());
        if (keys == null) {
            to.put(payload.bytes());
        } else {
            keys.encrypt(payload.bytes(), to);
        }
        sink.end();
        statistics.pktSentTotal++;
        statistics.byteSentTotal += length + DataHeader.COUNTED_LENGTH;
        if (retransmitted) {
            statistics.pktRetransTotal++;
            statistics.byteRetransTotal += length + DataHeader.COUNTED_LENGTH;
        } else {
            statistics.pktSentUniqueTotal++;
            statistics.byteSentUniqueTotal += length + DataHeader.COUNTED_LENGTH;
        }
    }

    /** §4.6, sender: what its receiver can't use any more is treated as acknowledged. */
    private void dropTooLate(long nowMicros) {
        nextDropCheckMicros = Long.MAX_VALUE;
        long oldestInTime = acknowledged;
        long dropped = 0;
        for (long position = acknowledged; position < end; position++) {
            Payload payload = log.payloadAt(position);
            if (payload != null) {
                if (!isTooLate(payload, nowMicros)) {
                    break;
                }
                dropped++;
                oldestInTime = position + 1;
            }
        }
        statistics.pktSndDropTotal += dropped;
        forgetUpTo(oldestInTime);
        armDropCheck(nowMicros);
    }

    private void armDropCheck(long nowMicros) {
        if (end > acknowledged && nextDropCheckMicros == Long.MAX_VALUE) {
            nextDropCheckMicros = (Math.floorDiv(nowMicros, DROP_CHECK_MICROS) + 1) * DROP_CHECK_MICROS;
        }
    }

    private void noteBusy(long nowMicros) {
        boolean busy = end > acknowledged || arrival < log.arrivalEnd();
        if (busy && busySinceMicros < 0) {
            busySinceMicros = nowMicros;
        } else if (!busy && busySinceMicros >= 0) {
            statistics.usSndDurationTotal += nowMicros - busySinceMicros;
            busySinceMicros = -1;
        }
    }

    /** Time during which there was something to send or unacknowledged, microseconds. */
    public long busyMicros(long nowMicros) {
        return statistics.usSndDurationTotal + (busySinceMicros < 0 ? 0 : nowMicros - busySinceMicros);
    }

    /** Packets sent and not acknowledged. */
    public long flightSize() {
        return end - acknowledged;
    }

    /** Packets that the peer's buffer allows to be unacknowledged. */
    public long flowWindow() {
        return Math.max(0, windowEnd - acknowledged);
    }

    /** Bytes of what is sent and not acknowledged, and what waits to be sent. For statistics: walks the window. */
    public long unacknowledgedBytes() {
        long bytes = 0;
        for (long position = acknowledged; position < end; position++) {
            Payload payload = log.payloadAt(position);
            bytes += payload == null ? 0 : payload.length();
        }
        return bytes;
    }

    /** Age of the oldest unacknowledged packet, microseconds; 0 if all is acknowledged. */
    public long unacknowledgedMicros(long nowMicros) {
        Payload oldest = acknowledged < end ? log.payloadAt(acknowledged) : null;
        return oldest == null ? 0 : Math.max(0, nowMicros - oldest.originMicros());
    }

    /** Capacity of the link as the peer estimates it, full packets per second; 0 if it has not said. */
    public int linkCapacityPackets() {
        return peerLinkCapacityPackets;
    }

    /** Sending period, microseconds. */
    public double sendPeriodMicros() {
        return pacer.periodMicros();
    }

    /** Bytes per second that may be sent at present. */
    public long maximumBytesPerSecond() {
        return pacer.bytesPerSecond();
    }

    /** Whether the receiver's latency leaves no time for two more rounds of report and retransmission. */
    private boolean isUrgent(Payload payload, long nowMicros) {
        return payload.originMicros() + latencyMicros - nowMicros < 2L * rtt.rttMicros();
    }

    private long copySpreadMicros() {
        return Math.min(Math.max(rtt.rttMicros() / 8, MIN_COPY_SPREAD_MICROS), MAX_COPY_SPREAD_MICROS);
    }

    private void requestDrop(long from, long to) {
        // Before the connection's first position there is nothing to drop and no number for it.
        if (from >= firstPosition) {
            dropRequests.add(from - firstPosition, to - firstPosition);
        }
    }

    /** Position of a sequence number: the one nearest to the newest sent. */
    private long position(int sequenceNumber) {
        return firstPosition + SequenceNumber.unwrap(firstSequenceNumber, sequenceNumber, end - firstPosition);
    }

    private int sequenceNumber(long position) {
        return SequenceNumber.plus(firstSequenceNumber, position - firstPosition);
    }
}
