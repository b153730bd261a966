package io.millrace.srt.packet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.millrace.srt.capture.Capture;
import io.millrace.srt.capture.CapturedDatagram;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What real peers send, field by field. The resource folder's README says what is in which capture. */
class CapturesTest {
    static List<String> everyCapture() {
        return Capture.names();
    }

    @Test
    void allCapturesAreThere() {
        assertThat(Capture.names()).hasSize(51);
    }

    @ParameterizedTest
    @MethodSource("everyCapture")
    void everyPacketPassesTheCheck(String capture) {
        assertThat(Capture.load(capture))
                .isNotEmpty()
                .allSatisfy(datagram ->
                        assertThat(PacketDecoder.check(datagram.payload())).isNull());
    }

    @ParameterizedTest
    @MethodSource("everyCapture")
    void everyPacketIsWrittenAsItWasRead(String capture) {
        for (CapturedDatagram datagram : Capture.load(capture)) {
            assertThat(PacketRewriter.rewrite(datagram.payload()))
                    .as("packet %d", datagram.number())
                    .isEqualTo(datagram.payload());
        }
    }

    /** Counted by a program that shares no code with ours. */
    @ParameterizedTest
    @CsvSource({
        "01,  2, 2, 200,  86,  85,  4, 0, 0, 0, 1",
        "20,  2, 2, 150, 131, 131,  6, 5, 0, 0, 1",
        "23b, 2, 2,  96,  16,  14,  2, 3, 5, 0, 1",
        "33,  9, 2,  60,  41,  41,  6, 0, 0, 0, 1",
        "50,  2, 2,  30,  19,  19, 11, 0, 0, 0, 1",
        "54,  2, 2, 121,  60,  60,  0, 1, 0, 4, 2"
    })
    void packetsAreOfTheRightKinds(
            String capture,
            int handshakes,
            int extendedHandshakes,
            int data,
            int acks,
            int ackAcks,
            int keepAlives,
            int naks,
            int dropRequests,
            int userDefined,
            int shutdowns) {
        assertThat(control(capture, ControlType.HANDSHAKE))
                .hasSize(handshakes + extendedHandshakes)
                .filteredOn(packet -> packet.remaining() > HandshakePacket.FIXED_LENGTH)
                .hasSize(extendedHandshakes);
        assertThat(data(capture)).hasSize(data);
        assertThat(control(capture, ControlType.ACK)).hasSize(acks);
        assertThat(control(capture, ControlType.ACK_ACK)).hasSize(ackAcks);
        assertThat(control(capture, ControlType.KEEP_ALIVE)).hasSize(keepAlives);
        assertThat(control(capture, ControlType.NAK)).hasSize(naks);
        assertThat(control(capture, ControlType.DROP_REQUEST)).hasSize(dropRequests);
        assertThat(control(capture, ControlType.USER_DEFINED)).hasSize(userDefined);
        assertThat(control(capture, ControlType.SHUTDOWN)).hasSize(shutdowns);
    }

    @Test
    void aPlainStreamCountsSequenceAndMessageNumbersUp() {
        List<ByteBuffer> data = data("01");

        for (int i = 0; i < data.size(); i++) {
            ByteBuffer packet = data.get(i);
            assertThat(DataHeader.sequenceNumber(packet)).isEqualTo(SequenceNumber.plus(0x79AAC8C2, i));
            assertThat(DataHeader.messageNumber(packet)).isEqualTo(MessageNumber.ofOffset(i));
            assertThat(DataHeader.boundary(packet)).isEqualTo(3);
            assertThat(DataHeader.keyFlags(packet)).isZero();
            assertThat(DataHeader.isInOrder(packet)).isFalse();
            assertThat(DataHeader.isRetransmitted(packet)).isFalse();
            assertThat(DataHeader.payloadLength(packet)).isEqualTo(1316);
            assertThat(PacketDecoder.destinationSocketId(packet)).isEqualTo(0x0948022B);
        }
    }

    @Test
    void ffmpegSetsTheOrderFlagOnEveryPacket() {
        assertThat(data("40")).hasSize(170).allMatch(DataHeader::isInOrder);
    }

    @Test
    void packetsOfThePacketFilterHaveMessageNumberZero() {
        assertThat(data("05"))
                .filteredOn(packet -> DataHeader.messageNumber(packet) == 0)
                .hasSize(64);
    }

    @Test
    void keyFlagsAlternateWithEachRefresh() {
        List<Integer> keys = new ArrayList<>();
        for (ByteBuffer packet : data("06")) {
            if (keys.isEmpty() || keys.get(keys.size() - 1) != DataHeader.keyFlags(packet)) {
                keys.add(DataHeader.keyFlags(packet));
            }
        }

        assertThat(keys).containsExactly(1, 2, 1);
        assertThat(control("06", ControlType.USER_DEFINED))
                .extracting(ControlHeader::subtype)
                .containsExactly(3, 4, 3, 4);
    }

    @Test
    void theFirstAckSaysTheInitialRoundTripAndCapacity() {
        ByteBuffer ack = control("01", ControlType.ACK).get(0);

        assertThat(ack.remaining()).isEqualTo(AckPacket.FULL_LENGTH);
        assertThat(AckPacket.ackNumber(ack)).isEqualTo(1);
        assertThat(AckPacket.sequenceNumber(ack)).isEqualTo(0x79AAC8C3);
        assertThat(AckPacket.rttMicros(ack)).isEqualTo(100_000);
        assertThat(AckPacket.rttVarianceMicros(ack)).isEqualTo(50_000);
        assertThat(AckPacket.availableBufferPackets(ack)).isBetween(8_000, 8_192);
        assertThat(AckPacket.linkCapacityPackets(ack)).isEqualTo(1_000);
    }

    @Test
    void aSmallAckHasARoundTripButNoRates() {
        List<ByteBuffer> small = packets(
                "21", packet -> isOfType(packet, ControlType.ACK) && packet.remaining() == AckPacket.SMALL_LENGTH);

        assertThat(small)
                .hasSize(1)
                .allMatch(AckPacket::hasRoundTrip)
                .noneMatch(AckPacket::hasRates)
                .allMatch(ack -> AckPacket.ackNumber(ack) > 0);
    }

    @Test
    void aLightAckHasNothingButItsSequenceNumber() {
        List<ByteBuffer> light = packets(
                "34", packet -> isOfType(packet, ControlType.ACK) && packet.remaining() == AckPacket.LIGHT_LENGTH);

        assertThat(light)
                .hasSize(1)
                .noneMatch(AckPacket::hasRoundTrip)
                .noneMatch(AckPacket::hasRates)
                .allMatch(ack -> AckPacket.ackNumber(ack) == 0);
    }

    @Test
    void anAckMayEndBeforeTheByteRate() {
        List<ByteBuffer> short6 =
                packets("40", packet -> isOfType(packet, ControlType.ACK) && packet.remaining() == 40);

        assertThat(short6)
                .hasSize(1)
                .allMatch(AckPacket::hasRates)
                .allMatch(ack -> AckPacket.receivingRateBytes(ack) == 0);
    }

    @Test
    void everyAckIsAnsweredByItsNumber() {
        List<Integer> acked = control("12", ControlType.ACK).stream()
                .map(AckPacket::ackNumber)
                .toList();

        assertThat(control("12", ControlType.ACK_ACK))
                .extracting(ControlHeader::typeSpecific)
                .isEqualTo(acked);
    }

    @Test
    void lossReportsNameSingleNumbersAndRanges() {
        assertThat(reportedRanges("20"))
                .containsExactly(
                        new Range(0x2F8A4E89, 0x2F8A4E89),
                        new Range(0x2F8A4E93, 0x2F8A4E98),
                        new Range(0x2F8A4EA7, 0x2F8A4EA7),
                        new Range(0x2F8A4EA9, 0x2F8A4EA9),
                        new Range(0x2F8A4EAB, 0x2F8A4EAB));
        assertThat(reportedRanges("21"))
                .containsExactly(
                        new Range(0x2F094A06, 0x2F094A06),
                        new Range(0x2F094A10, 0x2F094A15),
                        // The periodic reports repeat both in one packet.
                        new Range(0x2F094A06, 0x2F094A06),
                        new Range(0x2F094A10, 0x2F094A15),
                        new Range(0x2F094A06, 0x2F094A06),
                        new Range(0x2F094A10, 0x2F094A15));
    }

    @ParameterizedTest
    @CsvSource({"05f", "10b", "20", "21", "53", "54"})
    void whatIsRetransmittedWasReportedBefore(String capture) {
        Set<Integer> reported = new TreeSet<>();
        for (Range range : reportedRanges(capture)) {
            int distance = SequenceNumber.distance(range.first, range.last);
            assertThat(distance).isBetween(0, 100);
            for (int i = 0; i <= distance; i++) {
                reported.add(SequenceNumber.plus(range.first, i));
            }
        }
        Set<Integer> retransmitted = data(capture).stream()
                .filter(DataHeader::isRetransmitted)
                .map(DataHeader::sequenceNumber)
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(retransmitted).isNotEmpty().isEqualTo(reported);
    }

    @Test
    void dropRequestsNameTheMessageAndItsRange() {
        assertThat(control("23b", ControlType.DROP_REQUEST))
                .extracting(ControlHeader::typeSpecific, DropRequest::first, DropRequest::last)
                .containsExactly(
                        tuple(0x1F, 0x423BE876, 0x423BE876),
                        tuple(0x20, 0x423BE877, 0x423BE877),
                        tuple(0x21, 0x423BE878, 0x423BE878),
                        tuple(0x33, 0x423BE88A, 0x423BE88A),
                        tuple(0x33, 0x423BE88A, 0x423BE88A));
    }

    @Test
    void aShutdownCarriesZeroOrTheReasonOfNewerPeers() {
        assertThat(control("01", ControlType.SHUTDOWN))
                .extracting(BareControlPacket::information)
                .containsExactly(0);
        assertThat(control("10", ControlType.SHUTDOWN))
                .extracting(BareControlPacket::information)
                .containsExactly(7);
    }

    private record Range(int first, int last) {}

    private static List<Range> reportedRanges(String capture) {
        List<Range> ranges = new ArrayList<>();
        for (ByteBuffer nak : control(capture, ControlType.NAK)) {
            LossList.forEach(nak, (first, last) -> ranges.add(new Range(first, last)));
        }
        return ranges;
    }

    private static List<ByteBuffer> data(String capture) {
        return packets(capture, packet -> !PacketDecoder.isControl(packet));
    }

    private static List<ByteBuffer> control(String capture, ControlType type) {
        return packets(capture, packet -> isOfType(packet, type));
    }

    private static boolean isOfType(ByteBuffer packet, ControlType type) {
        return PacketDecoder.isControl(packet) && ControlHeader.type(packet) == type;
    }

    private static List<ByteBuffer> packets(String capture, Predicate<ByteBuffer> filter) {
        return Capture.load(capture).stream()
                .map(CapturedDatagram::payload)
                .filter(filter)
                .toList();
    }
}
