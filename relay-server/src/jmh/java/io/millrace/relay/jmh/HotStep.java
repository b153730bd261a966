package io.millrace.relay.jmh;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** How every benchmark here is measured unless the command line says otherwise; all of them take some minutes so. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(HotStep.FORKS)
@Warmup(iterations = 6, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 4, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public abstract class HotStep {
    /** JVMs that each benchmark is run in, one after the other. */
    public static final int FORKS = 2;

    /** Bytes of media in a data packet: 7 TS packets. */
    protected static final int PAYLOAD_BYTES = 1_316;

    /** From one such packet of a stream of 8 Mbit/s to the next. */
    protected static final long PAYLOAD_INTERVAL_MICROS = 1_316;

    /** Says that a benchmark did something else than it is meant to, so that its figures mean nothing. */
    protected static void check(boolean condition, String expectation) {
        if (!condition) {
            throw new IllegalStateException("not so: " + expectation);
        }
    }
}
