package io.millrace.relay.interop;

import java.nio.ByteBuffer;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One direction of an {@link ImpairmentProxy}: decides the fate of each datagram and keeps it until it is due. All
 * clients share the link, as they would share a line. Owned by the proxy's thread but for the settings and counters.
 */
final class ImpairedLink {
    private static final int BITS_PER_BYTE = 8;

    private final SplittableRandom random;
    private final PriorityQueue<Flight> inFlight = new PriorityQueue<>();
    private final AtomicLong arrived = new AtomicLong();
    private final AtomicLong carried = new AtomicLong();
    private final AtomicLong lost = new AtomicLong();
    private final AtomicLong duplicated = new AtomicLong();
    private final AtomicLong reordered = new AtomicLong();
    private final KeyChanges keyChanges = new KeyChanges();
    private volatile Impairment impairment;
    private volatile boolean outage;
    private volatile long greatestLatenessNanos;
    private boolean inBurst;
    private long lastDueNanos = Long.MIN_VALUE;
    private long lineFreeNanos = Long.MIN_VALUE;
    private long nextNumber;
    private long highestDeparted = -1;

    ImpairedLink(Impairment impairment, SplittableRandom random) {
        this.impairment = impairment;
        this.random = random;
    }

    void impair(Impairment newImpairment) {
        impairment = newImpairment;
    }

    void outage(boolean active) {
        outage = active;
    }

    /** How much later than it was due a datagram was delivered at worst: what the machine, not the link, did to it. */
    long greatestLatenessMillis() {
        return greatestLatenessNanos / 1_000_000;
    }

    LinkCounters counters() {
        return new LinkCounters(arrived.get(), carried.get(), lost.get(), duplicated.get(), reordered.get());
    }

    /** See {@link KeyChanges}. */
    long keyChanges() {
        return keyChanges.number();
    }

    /** Takes a copy of the datagram, or loses it. */
    void accept(long nowNanos, ByteBuffer datagram, Consumer<ByteBuffer> deliver) {
        arrived.incrementAndGet();
        keyChanges.look(datagram);
        Impairment now = impairment;
        // Every draw is made for every datagram: switching one impairment on does not change what another one hits.
        boolean unlucky = random.nextDouble() < now.loss();
        boolean burst = advanceBurst(now, random.nextDouble());
        double jitterShare = random.nextDouble();
        boolean heldBack = random.nextDouble() < now.reorder();
        boolean twice = random.nextDouble() < now.duplication();
        if (unlucky || burst || outage) {
            lost.incrementAndGet();
            return;
        }
        long departureNanos = departure(now, nowNanos, datagram.remaining());
        if (departureNanos - nowNanos > 1_000 * now.queueMicros() && now.bitsPerSecond() > 0) {
            lost.incrementAndGet();
            return;
        }
        lineFreeNanos = departureNanos;
        long dueNanos = departureNanos + 1_000 * now.delayMicros() + (long) (1_000 * now.jitterMicros() * jitterShare);
        if (lastDueNanos != Long.MIN_VALUE && dueNanos - lastDueNanos < 0) {
            dueNanos = lastDueNanos;
        }
        if (heldBack) {
            dueNanos += 1_000 * now.reorderMicros();
        } else {
            lastDueNanos = dueNanos;
        }
        byte[] copy = new byte[datagram.remaining()];
        datagram.get(copy);
        long number = nextNumber++;
        inFlight.add(new Flight(dueNanos, number, copy, deliver));
        if (twice) {
            duplicated.incrementAndGet();
            inFlight.add(new Flight(dueNanos, number, copy, deliver));
        }
    }

    private boolean advanceBurst(Impairment now, double draw) {
        inBurst = inBurst ? draw >= now.burstEnd() : draw < now.burstStart();
        return inBurst;
    }

    private long departure(Impairment now, long nowNanos, int bytes) {
        if (now.bitsPerSecond() == 0) {
            return nowNanos;
        }
        boolean lineIsFree = lineFreeNanos == Long.MIN_VALUE || lineFreeNanos - nowNanos < 0;
        long startNanos = lineIsFree ? nowNanos : lineFreeNanos;
        return startNanos + bytes * BITS_PER_BYTE * 1_000_000_000L / now.bitsPerSecond();
    }

    void deliverDue(long nowNanos) {
        Flight next;
        while ((next = inFlight.peek()) != null && next.dueNanos - nowNanos <= 0) {
            inFlight.remove();
            greatestLatenessNanos = Math.max(greatestLatenessNanos, nowNanos - next.dueNanos);
            if (outage) {
                // What is on the way when a line is cut does not arrive either.
                lost.incrementAndGet();
                continue;
            }
            carried.incrementAndGet();
            if (next.number < highestDeparted) {
                reordered.incrementAndGet();
            }
            highestDeparted = Math.max(highestDeparted, next.number);
            next.deliver.accept(ByteBuffer.wrap(next.datagram));
        }
    }

    /** Nanoseconds until the next delivery, at most {@code limitNanos}. */
    long untilNextNanos(long nowNanos, long limitNanos) {
        @Nullable Flight next = inFlight.peek();
        return next == null ? limitNanos : Math.min(limitNanos, next.dueNanos - nowNanos);
    }

    private record Flight(long dueNanos, long number, byte[] datagram, Consumer<ByteBuffer> deliver)
            implements Comparable<Flight> {
        @Override
        public int compareTo(Flight other) {
            int byTime = Long.signum(dueNanos - other.dueNanos);
            return byTime != 0 ? byTime : Long.compare(number, other.number);
        }
    }
}
