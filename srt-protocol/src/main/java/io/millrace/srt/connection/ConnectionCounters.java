package io.millrace.srt.connection;

import io.millrace.srt.handshake.Negotiated;
import io.millrace.srt.packet.DataHeader;
import io.millrace.srt.receive.ReceiveStatistics;
import io.millrace.srt.receive.Receiver;
import io.millrace.srt.receive.RttEstimator;
import io.millrace.srt.send.SendStatistics;
import io.millrace.srt.send.Sender;
import org.jspecify.annotations.Nullable;

/** What one connection counts, and how it is told in libsrt's terms. */
final class ConnectionCounters {
    final ReceiveStatistics received = new ReceiveStatistics();
    final SendStatistics sent = new SendStatistics();

    private final Negotiated negotiated;
    private final RttEstimator rtt;
    private final long openedMicros;
    private final RateMeter receiveRate = new RateMeter();
    private final RateMeter sendRate = new RateMeter();

    ConnectionCounters(Negotiated negotiated, RttEstimator rtt, long openedMicros) {
        this.negotiated = negotiated;
        this.rtt = rtt;
        this.openedMicros = openedMicros;
    }

    /** Everything at present; rates are over the time since the last snapshot. */
    ConnectionStatistics snapshot(@Nullable Receiver receiver, @Nullable Sender sender, long nowMicros) {
        double[] values = new double[Statistic.values().length];
        set(values, Statistic.msTimeStamp, (nowMicros - openedMicros) / 1000);
        set(values, Statistic.msRTT, rtt.rttMicros() / 1e3);
        set(values, Statistic.byteMSS, negotiated.maximumSegmentSize());
        set(values, Statistic.msSndTsbPdDelay, negotiated.sendLatencyMillis());
        set(values, Statistic.msRcvTsbPdDelay, negotiated.receiveLatencyMillis());
        set(values, Statistic.mbpsRecvRate, receiveRate.megabitsPerSecond(received.byteRecvTotal, nowMicros));
        set(values, Statistic.mbpsSendRate, sendRate.megabitsPerSecond(sent.byteSentTotal, nowMicros));
        addReceived(values, receiver);
        addSent(values, sender, nowMicros);
        return new ConnectionStatistics(values);
    }

    void sampleReceived(@Nullable Receiver receiver, LegSample sample) {
        sample.rttMicros = rtt.isKnown() ? rtt.rttMicros() : -1;
        sample.bufferMicros = receiver == null ? 0 : (int) Math.min(receiver.heldMicros(), Integer.MAX_VALUE);
        sample.flightPackets = 0;
        sample.packets = received.pktRecvTotal;
        sample.bytes = received.byteRecvTotal;
        sample.uniquePackets = received.pktRecvUniqueTotal;
        sample.uniqueBytes = received.byteRecvUniqueTotal;
        sample.lostPackets = received.pktRcvLossTotal;
        sample.droppedPackets = received.pktRcvDropTotal;
        sample.retransmittedPackets = received.pktRcvRetransTotal;
    }

    void sampleSent(@Nullable Sender sender, long nowMicros, LegSample sample) {
        sample.rttMicros = rtt.isKnown() ? rtt.rttMicros() : -1;
        sample.bufferMicros =
                sender == null ? 0 : (int) Math.min(sender.unacknowledgedMicros(nowMicros), Integer.MAX_VALUE);
        sample.flightPackets = sender == null ? 0 : sender.flightSize();
        sample.packets = sent.pktSentTotal;
        sample.bytes = sent.byteSentTotal;
        sample.uniquePackets = sent.pktSentUniqueTotal;
        sample.uniqueBytes = sent.byteSentUniqueTotal;
        sample.lostPackets = sent.lostOnTheWay;
        sample.droppedPackets = sent.pktSndDropTotal + sent.pktLapped + sent.pktShed;
        sample.retransmittedPackets = sent.pktRetransTotal;
    }

    private void addReceived(double[] values, @Nullable Receiver receiver) {
        set(values, Statistic.pktRecvTotal, received.pktRecvTotal);
        set(values, Statistic.byteRecvTotal, received.byteRecvTotal);
        set(values, Statistic.pktRecvUniqueTotal, received.pktRecvUniqueTotal);
        set(values, Statistic.byteRecvUniqueTotal, received.byteRecvUniqueTotal);
        set(values, Statistic.pktRcvLossTotal, received.pktRcvLossTotal);
        double averageBytes = averageBytes(received.byteRecvUniqueTotal, received.pktRecvUniqueTotal);
        set(values, Statistic.byteRcvLossTotal, received.pktRcvLossTotal * averageBytes);
        set(values, Statistic.pktRcvRetransTotal, received.pktRcvRetransTotal);
        set(values, Statistic.pktSentACKTotal, received.pktSentACKTotal);
        set(values, Statistic.pktSentNAKTotal, received.pktSentNAKTotal);
        set(values, Statistic.pktRcvDropTotal, received.pktRcvDropTotal);
        set(values, Statistic.byteRcvDropTotal, received.pktRcvDropTotal * averageBytes);
        set(values, Statistic.pktRcvUndecryptTotal, received.pktRcvUndecryptTotal);
        set(values, Statistic.byteRcvUndecryptTotal, received.byteRcvUndecryptTotal);
        set(values, Statistic.pktRcvBelatedTotal, received.pktRcvBelatedTotal);
        if (received.pktRcvBelatedTotal > 0) {
            set(values, Statistic.pktRcvAvgBelatedTime, received.belatedMicros / 1e3 / received.pktRcvBelatedTotal);
        }
        set(values, Statistic.pktReorderDistance, received.pktReorderDistance);
        if (receiver != null) {
            set(values, Statistic.pktRcvBuf, receiver.heldPackets());
            set(values, Statistic.byteRcvBuf, receiver.heldBytes());
            set(values, Statistic.msRcvBuf, receiver.heldMicros() / 1000);
            set(values, Statistic.byteAvailRcvBuf, (double) receiver.availablePackets() * negotiated.maximumPayload());
            set(values, Statistic.mbpsBandwidth, megabits(receiver.linkCapacityPackets()));
        }
    }

    private void addSent(double[] values, @Nullable Sender sender, long nowMicros) {
        set(values, Statistic.pktSentTotal, sent.pktSentTotal);
        set(values, Statistic.byteSentTotal, sent.byteSentTotal);
        set(values, Statistic.pktSentUniqueTotal, sent.pktSentUniqueTotal);
        set(values, Statistic.byteSentUniqueTotal, sent.byteSentUniqueTotal);
        set(values, Statistic.pktSndLossTotal, sent.pktSndLossTotal);
        set(values, Statistic.pktRetransTotal, sent.pktRetransTotal);
        set(values, Statistic.byteRetransTotal, sent.byteRetransTotal);
        set(values, Statistic.pktRecvACKTotal, sent.pktRecvACKTotal);
        set(values, Statistic.pktRecvNAKTotal, sent.pktRecvNAKTotal);
        set(values, Statistic.pktSndDropTotal, sent.pktSndDropTotal);
        set(
                values,
                Statistic.byteSndDropTotal,
                sent.pktSndDropTotal * averageBytes(sent.byteSentUniqueTotal, sent.pktSentUniqueTotal));
        set(values, Statistic.pktLappedTotal, sent.pktLapped);
        set(values, Statistic.pktShedTotal, sent.pktShed);
        if (sender != null) {
            set(values, Statistic.mbpsMaxBW, sender.maximumBytesPerSecond() * 8 / 1e6);
            set(values, Statistic.usPktSndPeriod, sender.sendPeriodMicros());
            set(values, Statistic.pktFlowWindow, sender.flowWindow());
            set(values, Statistic.pktCongestionWindow, sender.flowWindow());
            set(values, Statistic.pktFlightSize, sender.flightSize());
            set(values, Statistic.byteAvailSndBuf, (double) availableFlight(sender) * negotiated.maximumPayload());
            set(values, Statistic.pktSndBuf, sender.flightSize());
            set(values, Statistic.byteSndBuf, sender.unacknowledgedBytes());
            set(values, Statistic.msSndBuf, sender.unacknowledgedMicros(nowMicros) / 1000);
            set(values, Statistic.usSndDurationTotal, sender.busyMicros(nowMicros));
            if (sender.linkCapacityPackets() > 0) {
                set(values, Statistic.mbpsBandwidth, megabits(sender.linkCapacityPackets()));
            }
        }
    }

    private static long availableFlight(Sender sender) {
        return Math.max(0, sender.flowWindow() - sender.flightSize());
    }

    /** Bytes of an average packet with its headers, for the packets that nobody has seen; the headers before any came. */
    private static double averageBytes(long bytes, long packets) {
        return packets == 0 ? DataHeader.COUNTED_LENGTH : Math.rint((double) bytes / packets);
    }

    private double megabits(int fullPacketsPerSecond) {
        return (double) fullPacketsPerSecond * negotiated.maximumSegmentSize() * 8 / 1e6;
    }

    private static void set(double[] values, Statistic statistic, double value) {
        values[statistic.ordinal()] = value;
    }
}
