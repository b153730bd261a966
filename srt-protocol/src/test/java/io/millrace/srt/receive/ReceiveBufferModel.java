package io.millrace.srt.receive;

import io.millrace.srt.receive.ReceiveBuffer.Insertion;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;

/** What {@link ReceiveBuffer} promises, said with maps and without a thought of speed. */
final class ReceiveBufferModel {
    /** A settled packet; {@code payload} is null where it was given up. */
    private record Settled(long originMicros, byte[] payload) {
        boolean came() {
            return payload != null;
        }
    }

    private final int capacity;
    private final Delivery delivery;
    private final TreeMap<Long, Settled> settled = new TreeMap<>();
    private final Map<Long, Long> reported = new HashMap<>();
    private long start;
    private long end;

    ReceiveBufferModel(int capacity, Delivery delivery) {
        this.capacity = capacity;
        this.delivery = delivery;
    }

    Insertion insert(long offset, long originMicros, byte[] payload) {
        if (offset < start) {
            return Insertion.BELATED;
        }
        if (offset >= start + capacity) {
            return Insertion.BEYOND_CAPACITY;
        }
        Settled present = settled.get(offset);
        if (present != null) {
            return present.came() ? Insertion.DUPLICATE : Insertion.BELATED;
        }
        boolean gap = offset > end;
        settled.put(offset, new Settled(originMicros, payload));
        end = Math.max(end, offset + 1);
        forgetWhatIsPassedOn();
        return gap ? Insertion.ACCEPTED_AFTER_GAP : Insertion.ACCEPTED;
    }

    long firstMissing() {
        long offset = start;
        while (settled.containsKey(offset)) {
            offset++;
        }
        return offset;
    }

    int giveUp(long from, long to) {
        int count = 0;
        for (long offset = Math.max(from, start); offset < to; offset++) {
            if (settled.putIfAbsent(offset, new Settled(0, null)) == null) {
                count++;
            }
        }
        end = Math.max(end, to);
        forgetWhatIsPassedOn();
        return count;
    }

    /** First packet that came behind the first gap, or the end. */
    long firstGapEnd() {
        return settled.tailMap(firstMissing()).entrySet().stream()
                .filter(entry -> entry.getValue().came())
                .mapToLong(Map.Entry::getKey)
                .findFirst()
                .orElse(end);
    }

    long firstGapEndOriginMicros() {
        return settled.tailMap(firstMissing()).values().stream()
                .filter(Settled::came)
                .mapToLong(Settled::originMicros)
                .findFirst()
                .orElse(Long.MAX_VALUE);
    }

    void restartAt(long offset) {
        settled.clear();
        reported.clear();
        start = offset;
        end = offset;
    }

    void reported(long offset, long nowMicros) {
        reported.put(offset, nowMicros);
    }

    boolean isReportDue(long offset, long sinceMicros) {
        return reported.getOrDefault(offset, ReceiveBuffer.NEVER) <= sinceMicros;
    }

    boolean isDeliverable() {
        return delivery == Delivery.BY_TIMESTAMP && settled.containsKey(start);
    }

    byte[] deliver() {
        return settled.remove(start++).payload;
    }

    /** Origin time of the next packet; any time long ago where it was given up. */
    long nextDeliveryOriginMicros() {
        Settled next = settled.get(start);
        if (next == null) {
            return Long.MAX_VALUE;
        }
        return next.came() ? next.originMicros : ReceiveBuffer.NEVER;
    }

    long start() {
        return start;
    }

    long end() {
        return end;
    }

    int missing() {
        return (int) (end - start) - settled.size();
    }

    boolean isMissing(long offset) {
        return !settled.containsKey(offset);
    }

    long heldBytes() {
        return settled.values().stream()
                .filter(Settled::came)
                .mapToLong(packet -> packet.payload.length)
                .sum();
    }

    long heldMicros() {
        long[] origins = settled.values().stream()
                .filter(Settled::came)
                .flatMapToLong(packet -> LongStream.of(packet.originMicros))
                .toArray();
        return origins.length == 0 ? 0 : Math.max(0, origins[origins.length - 1] - origins[0]);
    }

    private void forgetWhatIsPassedOn() {
        while (delivery == Delivery.ON_ARRIVAL && settled.remove(start) != null) {
            start++;
        }
    }
}
