package io.millrace.relay.stats;

import io.millrace.relay.stats.ConnectionInfo.Role;
import io.millrace.srt.connection.ConnectionStatistics;
import io.millrace.srt.connection.LegSample;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * What is made of the samples of one connection: how its quantities are spread, their history, and advice. Fed once a second
 * and asked by any thread, but never on an event loop: its lock is held for as long as a history takes to copy.
 */
public final class LinkMeter {
    static final int HISTORY_SECONDS = 900;
    static final int CHUNK_SECONDS = 60;

    private static final int SAMPLES_A_SECOND = 1_000 / LegSamples.INTERVAL_MILLIS;
    private static final int WINDOW_SECONDS = 10;

    private final boolean received;
    private final LegSamples samples;
    private final History history;
    private final LinkSpan sinceStart = new LinkSpan();
    private final WorstMinutes worst = new WorstMinutes();
    private final Deque<LinkSecond> window = new ArrayDeque<>(WINDOW_SECONDS);
    private final RateMinute rates = new RateMinute();
    private @Nullable Mark mark;

    /** Counters when the last second ended. */
    private final LegSample counted = new LegSample();

    private long countedMicros = -1;
    private long countedSamples;

    private record Mark(Instant time, @Nullable ConnectionStatistics statistics, LinkSpan span) {}

    LinkMeter(Role role, LegSamples samples, HistoryMemory memory) {
        received = role == Role.PUBLISHER;
        this.samples = samples;
        history = new History(memory, ConnectionQuantity.values().length, HISTORY_SECONDS, CHUNK_SECONDS);
    }

    /**
     * Takes in what was sampled since the last call.
     *
     * @param reading for use within this call
     * @param epochSecond its end, for the history
     * @return what it amounts to; null if there was no sample
     */
    synchronized @Nullable LinkSecond secondPassed(LegReading reading, long epochSecond) {
        samples.readInto(reading);
        int fresh = reading.since(countedSamples);
        if (fresh == 0) {
            return null;
        }
        double seconds = countedMicros < 0
                ? (double) fresh / SAMPLES_A_SECOND
                : Math.max(1, reading.newestMicros - countedMicros) / 1e6;
        LinkSecond second = LinkSecond.of(reading, counted, fresh, seconds, received);
        counted.set(reading.newest);
        countedMicros = reading.newestMicros;
        countedSamples = reading.count;
        keep(reading, fresh, second, epochSecond);
        return second;
    }

    private void keep(LegReading reading, int fresh, LinkSecond second, long epochSecond) {
        sinceStart.addSamples(reading, fresh);
        sinceStart.addSecond(second);
        if (mark != null) {
            mark.span.addSamples(reading, fresh);
            mark.span.addSecond(second);
        }
        if (window.size() == WINDOW_SECONDS) {
            window.removeFirst();
        }
        window.addLast(second);
        rates.add(second.uniqueBytes() * 8 / second.seconds());
        worst.add(reading, fresh, second);
        history.add(epochSecond, row(second));
    }

    private static float[] row(LinkSecond second) {
        float[] row = new float[ConnectionQuantity.values().length];
        row[ConnectionQuantity.bitsPerSecond.ordinal()] = (float) second.bitsPerSecond();
        row[ConnectionQuantity.rttMinMillis.ordinal()] = second.rttMinMillis();
        row[ConnectionQuantity.rttMeanMillis.ordinal()] = second.rttMeanMillis();
        row[ConnectionQuantity.rttMaxMillis.ordinal()] = second.rttMaxMillis();
        row[ConnectionQuantity.lostPackets.ordinal()] = second.lost();
        row[ConnectionQuantity.retransmittedPackets.ordinal()] = second.retransmitted();
        row[ConnectionQuantity.droppedPackets.ordinal()] = second.dropped();
        row[ConnectionQuantity.bufferMillis.ordinal()] = second.bufferMaxMillis();
        row[ConnectionQuantity.flightPackets.ordinal()] = second.flight();
        return row;
    }

    /**
     * From now on there is something else to count from, and advice is from now on.
     *
     * @param statistics those of now
     */
    synchronized void mark(Instant now, @Nullable ConnectionStatistics statistics) {
        mark = new Mark(now, statistics, new LinkSpan());
        worst.clear();
    }

    /** How it has been doing. */
    public synchronized LinkReport report() {
        LegReading reading = new LegReading();
        samples.readInto(reading);
        LinkSpan interval = new LinkSpan();
        interval.addSamples(reading, Math.min(reading.since(0), SAMPLES_A_SECOND));
        if (!window.isEmpty()) {
            interval.addSecond(window.getLast());
        }
        LinkSpan tenSeconds = new LinkSpan();
        tenSeconds.addSamples(reading, Math.min(reading.since(0), WINDOW_SECONDS * SAMPLES_A_SECOND));
        window.forEach(tenSeconds::addSecond);
        return new LinkReport(
                interval.spread(),
                tenSeconds.spread(),
                sinceStart.spread(),
                mark == null ? null : new LinkReport.SinceMark(mark.time, mark.statistics, mark.span.spread()));
    }

    /** The same of the last ten seconds in few numbers, at a small part of the cost. */
    public synchronized RecentLink recent() {
        long lost = 0;
        long originals = 0;
        for (LinkSecond second : window) {
            lost += second.lost();
            originals += second.originals();
        }
        LinkSecond last = window.peekLast();
        return new RecentLink(
                window.size(),
                last == null ? 0 : last.bitsPerSecond(),
                lost,
                LinkSpan.percent(lost, originals),
                recentlyDropped(),
                last == null ? Double.NaN : last.rttMeanMillis(),
                rates.newest(),
                rates.usual());
    }

    /** Packets lost for good in the last ten seconds. */
    synchronized long recentlyDropped() {
        long dropped = 0;
        for (LinkSecond second : window) {
            dropped += second.dropped();
        }
        return dropped;
    }

    /**
     * How the link should be set, by the worst of the last 15 minutes; null in the first ten seconds, and while nothing is known
     * of the link.
     *
     * @param latencyMillis as it is set
     * @param capacityBitsPerSecond of the link as it is estimated; 0 where nobody knows
     */
    public synchronized @Nullable LinkAdvice advice(int latencyMillis, double capacityBitsPerSecond) {
        LinkMeasurement measured = worst.worst(capacityBitsPerSecond);
        return measured == null ? null : LinkAdviser.advise(measured, latencyMillis);
    }

    /** The rows of this time, both ends included; at least the last 15 minutes are there if the memory sufficed. */
    public synchronized HistoryRows history(Instant from, Instant to) {
        return history.between(from.getEpochSecond(), to.getEpochSecond());
    }

    /** Whether the history is shorter than it should be, or empty, for want of memory. */
    public synchronized boolean lacksMemory() {
        return history.lacksMemory();
    }

    /** The connection has closed: gives the memory of its history back. */
    synchronized void release() {
        history.release();
    }

    /** What it takes beside the history, bytes of its greater parts. */
    synchronized int spanBytes() {
        return sinceStart.memoryBytes() + (mark == null ? 0 : mark.span.memoryBytes());
    }
}
