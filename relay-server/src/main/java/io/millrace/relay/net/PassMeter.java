package io.millrace.relay.net;

/**
 * Follows one driver through its passes, for the meter of its loop and for JFR: {@link #reads} for each datagram of a
 * burst, then {@link #handles}, {@link #sends} and {@link #ends}, each with the time, in microseconds of
 * {@link LoopClock}, at which the phase begins.
 */
final class PassMeter {
    private final LoopMeter loop;
    private final UdpCounters counters;
    /** Filled again for each pass, so that a recording makes no garbage either. */
    private final LoopPass event = new LoopPass();

    private long readingSinceMicros = LoopMeter.NEVER;
    private long handlingSinceMicros;
    private long sendingSinceMicros;
    private long datagramsInBefore;
    private long datagramsOutBefore;
    private long mediaSinceMicros = LoopMeter.NEVER;
    private boolean recording;

    PassMeter(LoopMeter loop, UdpCounters counters) {
        this.loop = loop;
        this.counters = counters;
    }

    /** A datagram was read, and is not counted yet. */
    void reads(long nowMicros) {
        if (readingSinceMicros == LoopMeter.NEVER) {
            readingSinceMicros = nowMicros;
            datagramsInBefore = counters.datagramsIn;
            begin();
        }
    }

    void handles(long nowMicros) {
        handlingSinceMicros = nowMicros;
        if (readingSinceMicros == LoopMeter.NEVER) {
            begin();
        }
    }

    void sends(long nowMicros) {
        sendingSinceMicros = nowMicros;
        datagramsOutBefore = counters.datagramsOut;
    }

    /** @param more whether the next pass goes on with what this one was to send */
    void ends(long nowMicros, boolean more) {
        boolean burst = readingSinceMicros != LoopMeter.NEVER;
        long datagramsIn = burst ? counters.datagramsIn - datagramsInBefore : 0;
        long datagramsOut = counters.datagramsOut - datagramsOutBefore;
        long readingMicros = burst ? handlingSinceMicros - readingSinceMicros : 0;
        long handlingMicros = sendingSinceMicros - handlingSinceMicros;
        long sendingMicros = nowMicros - sendingSinceMicros;
        readingSinceMicros = LoopMeter.NEVER;
        loop.passEnded(readingMicros, handlingMicros, sendingMicros, datagramsIn);
        if (mediaSinceMicros != LoopMeter.NEVER && !more) {
            if (datagramsOut > 0) {
                loop.forwarded(nowMicros - mediaSinceMicros);
            }
            mediaSinceMicros = LoopMeter.NEVER;
        }
        if (recording) {
            commit(datagramsIn, datagramsOut, readingMicros, handlingMicros, sendingMicros);
        }
    }

    /** When what this pass works on began to be read; for a pass without datagrams, when it began. */
    long sinceMicros() {
        return readingSinceMicros == LoopMeter.NEVER ? handlingSinceMicros : readingSinceMicros;
    }

    /** The driver is given something to send; if it is media that arrived just now, its next pass carries that. */
    void wakes() {
        mediaSinceMicros = Math.min(mediaSinceMicros, loop.forwardingSinceMicros());
    }

    private void begin() {
        recording = event.isEnabled();
        if (recording) {
            event.begin();
        }
    }

    private void commit(
            long datagramsIn, long datagramsOut, long readingMicros, long handlingMicros, long sendingMicros) {
        event.end();
        if (event.shouldCommit()) {
            event.loop = loop.loop();
            event.datagramsRead = datagramsIn;
            event.datagramsWritten = datagramsOut;
            event.reading = readingMicros;
            event.handling = handlingMicros;
            event.sending = sendingMicros;
            event.commit();
        }
    }
}
