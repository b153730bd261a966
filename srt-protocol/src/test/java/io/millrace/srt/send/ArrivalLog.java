package io.millrace.srt.send;

import io.millrace.srt.packet.Payload;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A log as a relay has it: payloads arrive in any order, some never. */
final class ArrivalLog implements PayloadLog {
    private final List<Long> arrivals = new ArrayList<>();
    private final Map<Long, Payload> payloads = new HashMap<>();
    private long oldest;
    private long settled;

    void put(long position, long originMicros) {
        put(position, originMicros, new byte[] {(byte) position});
    }

    void put(long position, long originMicros, byte[] bytes) {
        arrivals.add(position);
        payloads.put(position, new Payload(position, originMicros, bytes));
        while (payloads.containsKey(settled)) {
            settled++;
        }
    }

    void settle(long position) {
        settled = Math.max(settled, position);
    }

    /** Forgets the arrivals before this one. */
    void forget(long arrival) {
        for (; oldest < arrival; oldest++) {
            payloads.remove(arrivals.get((int) oldest));
        }
        settle(arrivals.get((int) arrival));
    }

    @Override
    public long arrivalEnd() {
        return arrivals.size();
    }

    @Override
    public long oldestArrival() {
        return oldest;
    }

    @Override
    public long positionOfArrival(long arrival) {
        return arrival >= oldest ? arrivals.get((int) arrival) : -1;
    }

    @Override
    public @Nullable Payload payloadAt(long position) {
        return payloads.get(position);
    }

    @Override
    public long settledEnd() {
        return settled;
    }
}
