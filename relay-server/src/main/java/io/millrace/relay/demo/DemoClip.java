package io.millrace.relay.demo;

import io.millrace.relay.ts.TsPacket;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * An MPEG-TS programme that never ends: a clip of constant bit rate, repeated without a break. At each repetition the
 * clock (PCR), the times of the frames (PTS, DTS) and the continuity counters go on where the last one stopped, through
 * the wrap of the clock after 26.5 hours too.
 *
 * <p>Before each {@link #next payload}, ask {@link #nextDueMicros when it is due}.
 */
public final class DemoClip {
    /** Bytes of each payload: seven TS packets, what fits an SRT packet on Ethernet. */
    public static final int PAYLOAD_LENGTH = 7 * TsPacket.LENGTH;

    private static final String RESOURCE = "clip.ts";

    private final byte[] clip;
    private final int packetsPerRepetition;
    private final long ticksPerPacket;
    private final long startTicks;

    /** By PID: how far the continuity counter gets in one repetition. */
    private final int[] countedPackets = new int[TsPacket.PIDS];

    /** Packets delivered since the start, of all repetitions. */
    private long position;

    /**
     * @param clip whole TS packets of constant bit rate, that begin with a frame and end with the last byte of one
     * @param startTicks of 27 MHz that are added to the clip's own times; a multiple of {@link TsPacket#TICKS_PER_BASE}
     */
    DemoClip(byte[] clip, long startTicks) {
        this.clip = clip;
        this.startTicks = startTicks;
        require(clip.length % TsPacket.LENGTH == 0, "a clip is whole TS packets");
        packetsPerRepetition = clip.length / TsPacket.LENGTH;
        ticksPerPacket = ticksPerPacket(clip);
        require(
                ticksPerPacket * packetsPerRepetition % TsPacket.TICKS_PER_BASE == 0,
                "a repetition takes whole ticks of the 90 kHz that PTS and DTS count");
        require(startTicks % TsPacket.TICKS_PER_BASE == 0, "a start is whole ticks of 90 kHz");
        for (int at = 0; at < clip.length; at += TsPacket.LENGTH) {
            if (TsPacket.hasPayload(clip, at)) {
                countedPackets[TsPacket.pid(clip, at)]++;
            }
        }
    }

    /** The clip that comes with the program, at its beginning. */
    public static DemoClip load() {
        return new DemoClip(resource(), 0);
    }

    /** When the next payload is due, in microseconds since the first. */
    public long nextDueMicros() {
        return position * ticksPerPacket / (TsPacket.TICKS_PER_SECOND / 1_000_000);
    }

    /** The next payload, of {@link #PAYLOAD_LENGTH} bytes, which the caller may keep. */
    public byte[] next() {
        byte[] payload = new byte[PAYLOAD_LENGTH];
        for (int at = 0; at < PAYLOAD_LENGTH; at += TsPacket.LENGTH) {
            long repetition = position / packetsPerRepetition;
            int packet = (int) (position % packetsPerRepetition);
            System.arraycopy(clip, packet * TsPacket.LENGTH, payload, at, TsPacket.LENGTH);
            restamp(payload, at, repetition);
            position++;
        }
        return payload;
    }

    private void restamp(byte[] ts, int at, long repetition) {
        long passedTicks = startTicks + repetition * packetsPerRepetition * ticksPerPacket;
        long passedCount = repetition * countedPackets[TsPacket.pid(ts, at)];
        TsRestamp.setContinuityCounter(ts, at, TsPacket.continuityCounter(ts, at) + passedCount);
        if (TsPacket.hasPcr(ts, at)) {
            TsRestamp.setPcr(ts, at, TsPacket.pcr(ts, at) + passedTicks);
        }
        TsRestamp.clearDiscontinuity(ts, at);
        if (TsPacket.startsUnit(ts, at)) {
            int pes = TsPacket.payloadOffset(ts, at);
            if (PesTimestamps.hasPts(ts, pes)) {
                PesTimestamps.shift(ts, pes, passedTicks / TsPacket.TICKS_PER_BASE);
            }
        }
    }

    /** Ticks of 27 MHz that a packet takes at the clip's bit rate, from its first and its last PCR. */
    private static long ticksPerPacket(byte[] clip) {
        int first = -1;
        int last = -1;
        for (int at = 0; at < clip.length; at += TsPacket.LENGTH) {
            if (TsPacket.hasPcr(clip, at)) {
                first = first < 0 ? at : first;
                last = at;
            }
        }
        require(first < last, "a clip has two clock references, to tell its bit rate");
        int packets = (last - first) / TsPacket.LENGTH;
        long ticks = TsPacket.pcr(clip, last) - TsPacket.pcr(clip, first);
        require(ticks % packets == 0, "a packet takes whole ticks of 27 MHz, so that no repetition is rounded");
        return ticks / packets;
    }

    private static byte[] resource() {
        try (InputStream in = DemoClip.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException("the program was built without its demo clip, " + RESOURCE);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("reading the demo clip", e);
        }
    }

    private static void require(boolean condition, String rule) {
        if (!condition) {
            throw new IllegalArgumentException("not a clip that can be repeated: " + rule);
        }
    }
}
