package io.millrace.relay.ts;

/**
 * How far apart the pictures are that a decoder may begin with.
 *
 * @param frames from the last but one to the last; 0 while there are no two
 * @param millis between them, by their PTS
 * @param longestMillis of all so far
 * @param frameRate frames a second in between
 */
public record GopMeasure(long frames, double millis, double longestMillis, double frameRate) {
    static final GopMeasure NONE = new GopMeasure(0, 0, 0, 0);
    private static final double TICKS_PER_MILLI = 90;

    GopMeasure next(long nextFrames, long ticks) {
        double nextMillis = ticks / TICKS_PER_MILLI;
        return new GopMeasure(
                nextFrames,
                nextMillis,
                Math.max(longestMillis, nextMillis),
                Math.round(nextFrames * 1e6 / nextMillis) / 1e3);
    }
}
