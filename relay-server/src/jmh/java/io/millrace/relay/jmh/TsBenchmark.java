package io.millrace.relay.jmh;

import io.millrace.relay.demo.DemoClip;
import io.millrace.relay.ts.TsAnalyser;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;

/** A payload of seven TS packets is looked at: the relay's own clip, and what is no transport stream. */
public class TsBenchmark extends HotStep {
    /** More than the first caches hold, as what is looked at was received some time before. */
    private static final int PAYLOADS = 4_096;

    private final byte[][] clip = new byte[PAYLOADS][];
    private final byte[] garbage = new byte[PAYLOAD_BYTES];
    private final TsAnalyser analyser = new TsAnalyser();
    private final TsAnalyser ofGarbage = new TsAnalyser();
    private long microsPerPayload;
    private long position;
    private long garbagePosition;

    @Setup
    public void load() {
        DemoClip demo = DemoClip.load();
        for (int i = 0; i < PAYLOADS; i++) {
            clip[i] = demo.next();
        }
        microsPerPayload = demo.nextDueMicros() / PAYLOADS;
    }

    @Benchmark
    public void clip() {
        analyser.take(clip[(int) position % PAYLOADS], position, position * microsPerPayload);
        position++;
    }

    @Benchmark
    public void garbage() {
        ofGarbage.take(garbage, garbagePosition, garbagePosition * microsPerPayload);
        garbagePosition++;
    }
}
