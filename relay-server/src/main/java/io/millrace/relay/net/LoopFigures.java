package io.millrace.relay.net;

/** What an event loop did over some time, in plain fields of its own. Used by one thread. */
final class LoopFigures {
    long wallMicros;
    long busyNanos;
    long cpuNanos;
    long iterations;
    long readingMicros;
    long handlingMicros;
    long sendingMicros;
    long longestIterationNanos;
    long longestDelayMicros;
    final PowerHistogram burstDatagrams = new PowerHistogram();
    final PowerHistogram sendDatagrams = new PowerHistogram();
    final PowerHistogram forwardingMicros = new PowerHistogram();

    void add(LoopFigures other) {
        wallMicros += other.wallMicros;
        busyNanos += other.busyNanos;
        cpuNanos += other.cpuNanos;
        iterations += other.iterations;
        readingMicros += other.readingMicros;
        handlingMicros += other.handlingMicros;
        sendingMicros += other.sendingMicros;
        longestIterationNanos = Math.max(longestIterationNanos, other.longestIterationNanos);
        longestDelayMicros = Math.max(longestDelayMicros, other.longestDelayMicros);
        burstDatagrams.add(other.burstDatagrams);
        sendDatagrams.add(other.sendDatagrams);
        forwardingMicros.add(other.forwardingMicros);
    }

    void clear() {
        wallMicros = 0;
        busyNanos = 0;
        cpuNanos = 0;
        iterations = 0;
        readingMicros = 0;
        handlingMicros = 0;
        sendingMicros = 0;
        longestIterationNanos = 0;
        longestDelayMicros = 0;
        burstDatagrams.clear();
        sendDatagrams.clear();
        forwardingMicros.clear();
    }

    LoopWindow snapshot() {
        return new LoopWindow(
                wallMicros,
                busyNanos / 1_000,
                cpuNanos / 1_000,
                iterations,
                readingMicros,
                handlingMicros,
                sendingMicros,
                longestIterationNanos / 1_000,
                longestDelayMicros,
                burstDatagrams.snapshot(),
                sendDatagrams.snapshot(),
                forwardingMicros.snapshot());
    }
}
