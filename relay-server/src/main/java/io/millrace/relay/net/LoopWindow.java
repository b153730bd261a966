package io.millrace.relay.net;

/**
 * What an event loop did over some time.
 *
 * @param wallMicros how long that time is
 * @param busyMicros of it, how long the loop worked, or wanted to, instead of waiting for something to do
 * @param cpuMicros what its thread was given of a processor; less than {@code busyMicros} when it had to wait for one
 * @param iterations how often it worked until there was nothing more to do
 * @param readingMicros reading bursts of datagrams and feeding them to the protocol, but for each burst's first read
 * @param handlingMicros events of the protocol: callers, streams, what wakes subscribers
 * @param sendingMicros writing datagrams and handing them to the kernel
 * @param longestIterationMicros how long sockets had to wait for the loop at most
 * @param longestDelayMicros how late the loop's ticks were at most, which pauses of the JVM and of the machine delay too
 * @param burstDatagrams datagrams that were read together
 * @param sendDatagrams datagrams that were handed to the kernel together
 * @param forwardingMicros from the first read of a burst with media to the end of the send that carried it on, one value
 *     for each burst and socket that sent
 */
public record LoopWindow(
        long wallMicros,
        long busyMicros,
        long cpuMicros,
        long iterations,
        long readingMicros,
        long handlingMicros,
        long sendingMicros,
        long longestIterationMicros,
        long longestDelayMicros,
        Distribution burstDatagrams,
        Distribution sendDatagrams,
        Distribution forwardingMicros) {

    /** The part of the time that the loop worked, 0 to 1. */
    public double utilisation() {
        return share(busyMicros);
    }

    /** The part of one processor that the loop was given, 0 to 1. */
    public double cpuShare() {
        return share(cpuMicros);
    }

    /** Work that is none of the three phases: tasks, timers, HTTP, first reads. */
    public long otherMicros() {
        return Math.max(0, busyMicros - readingMicros - handlingMicros - sendingMicros);
    }

    private double share(long micros) {
        return wallMicros == 0 ? 0 : Math.min(1, (double) micros / wallMicros);
    }
}
