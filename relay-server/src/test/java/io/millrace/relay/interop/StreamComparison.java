package io.millrace.relay.interop;

import static io.millrace.relay.interop.TransportStreamFile.PACKET_BYTES;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * What a subscriber received, held against what the publisher sent, in TS packets of 188 bytes. A subscriber may join
 * anywhere: where it did is found by its packets.
 */
final class StreamComparison {
    private static final int NOWHERE = -1;
    private static final int REPORTED_GAPS = 5;

    private final byte[] sent;
    private final byte[] received;
    private final Map<ByteBuffer, List<Integer>> placesInSent = new HashMap<>();
    private final int joined;
    private final int contiguous;
    private final List<String> gaps = new ArrayList<>();
    private int missing;
    private int duplicate;
    private int foreign;
    private int reached;

    private StreamComparison(byte[] sent, byte[] received) {
        this.sent = sent;
        this.received = received;
        for (int packet = 0; packet < sent.length / PACKET_BYTES; packet++) {
            placesInSent
                    .computeIfAbsent(packet(sent, packet), bytes -> new ArrayList<>(1))
                    .add(packet);
        }
        int bestJoin = NOWHERE;
        int longestRun = 0;
        // Tables and null packets occur often: of all places that fit the first packet, the longest run decides.
        for (int candidate : places(0)) {
            int run = runFrom(candidate);
            if (run > longestRun) {
                bestJoin = candidate;
                longestRun = run;
            }
        }
        joined = bestJoin;
        contiguous = longestRun;
        follow();
    }

    static StreamComparison of(Path sent, Path received) throws IOException {
        return of(Files.readAllBytes(sent), Files.readAllBytes(received));
    }

    static StreamComparison of(byte[] sent, byte[] received) {
        return new StreamComparison(sent, received);
    }

    /** Everything from the first sent byte to the last was received, and nothing else. */
    void assertIdentical() {
        assertNothingMissing();
        if (joined != 0) {
            throw failure("joined late");
        }
    }

    /** Everything from where the subscriber joined to the last sent byte was received, and nothing else. */
    void assertNothingMissing() {
        assertContiguous();
        if (tailPackets() > 0) {
            throw failure("the end is missing");
        }
    }

    /** What was received is one piece of what was sent; the end of it may be missing. */
    void assertContiguous() {
        if (received.length % PACKET_BYTES != 0) {
            throw failure("the last TS packet is cut");
        }
        if (joined == NOWHERE || contiguous < receivedPackets()) {
            throw failure("received and sent differ");
        }
    }

    /** As {@link #assertContiguous}, and the piece reaches at least so far into what was sent. */
    void assertContiguousUpTo(long sentBytes) {
        assertContiguous();
        if ((long) reached * PACKET_BYTES < sentBytes) {
            throw failure("ends before sent byte " + sentBytes);
        }
    }

    /** Index of the sent TS packet with which the received ones begin; -1 if there is no such. */
    int joinedAtPacket() {
        return joined;
    }

    int receivedPackets() {
        return received.length / PACKET_BYTES;
    }

    /** TS packets that are not there although later ones are. */
    int missingPackets() {
        return missing;
    }

    /** TS packets that came again or late. */
    int duplicatePackets() {
        return duplicate;
    }

    /** TS packets that were never sent. */
    int foreignPackets() {
        return foreign;
    }

    /** TS packets after the last received one. */
    int tailPackets() {
        return sent.length / PACKET_BYTES - reached;
    }

    /** The findings as text, for messages of a test's own assertions. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        text.append("sent %d TS packets, received %d; joined at packet %d, of the next %d all are there%n"
                .formatted(sent.length / PACKET_BYTES, receivedPackets(), joined, contiguous));
        text.append("missing %d, duplicate or late %d, foreign %d, missing at the end %d%n"
                .formatted(missing, duplicate, foreign, tailPackets()));
        if (joined != NOWHERE && contiguous < receivedPackets()) {
            text.append(firstDifference());
        }
        gaps.forEach(gap -> text.append("missing: ").append(gap).append(System.lineSeparator()));
        if (joined != NOWHERE) {
            int from = joined * PACKET_BYTES;
            int until = Math.min(sent.length, from + received.length);
            text.append("SHA-256 of sent bytes %d to %d: %s%n".formatted(from, until, sha256(sent, from, until)));
            text.append("SHA-256 of the received bytes: %s".formatted(sha256(received, 0, received.length)));
        }
        return text.toString();
    }

    private int runFrom(int place) {
        int mismatch = Arrays.mismatch(sent, place * PACKET_BYTES, sent.length, received, 0, received.length);
        int equalBytes = mismatch < 0 ? received.length : mismatch;
        return equalBytes / PACKET_BYTES;
    }

    /** Walks along both streams after the join and counts what is wrong. */
    private void follow() {
        reached = Math.max(0, joined);
        for (int index = 0; index < receivedPackets(); index++) {
            int expected = reached;
            List<Integer> places = places(index);
            int next = firstFrom(places, expected);
            if (next != NOWHERE) {
                noteGap(expected, next);
                reached = next + 1;
            } else if (places.isEmpty()) {
                foreign++;
            } else {
                duplicate++;
            }
        }
    }

    private void noteGap(int expected, int next) {
        missing += next - expected;
        if (next > expected && gaps.size() < REPORTED_GAPS) {
            gaps.add("sent packets %d to %d".formatted(expected, next - 1));
        }
    }

    private static int firstFrom(List<Integer> places, int from) {
        int index = Collections.binarySearch(places, from);
        int insertion = index < 0 ? -index - 1 : index;
        return insertion < places.size() ? places.get(insertion) : NOWHERE;
    }

    private List<Integer> places(int receivedPacket) {
        if (receivedPacket >= received.length / PACKET_BYTES) {
            return List.of();
        }
        return placesInSent.getOrDefault(packet(received, receivedPacket), List.of());
    }

    private String firstDifference() {
        int sentIndex = joined + contiguous;
        String expected = sentIndex < sent.length / PACKET_BYTES ? hex(sent, sentIndex) : "the end";
        return "first difference: received packet %d (byte %d), sent packet %d%n  sent     %s%n  received %s%n"
                .formatted(contiguous, contiguous * PACKET_BYTES, sentIndex, expected, hex(received, contiguous));
    }

    private static String hex(byte[] stream, int packet) {
        return HexFormat.of().formatHex(stream, packet * PACKET_BYTES, packet * PACKET_BYTES + 24) + "...";
    }

    private static ByteBuffer packet(byte[] stream, int index) {
        return ByteBuffer.wrap(stream, index * PACKET_BYTES, PACKET_BYTES);
    }

    private static String sha256(byte[] bytes, int from, int until) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(bytes, from, until - from);
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private AssertionError failure(String what) {
        return new AssertionError(what + System.lineSeparator() + this);
    }
}
