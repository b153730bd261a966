package io.millrace.relay.ts;

import org.jspecify.annotations.Nullable;

/**
 * What a sequence parameter set says of its pictures.
 *
 * @param width in pixels, as they are to be shown
 * @param height in pixels, of whole frames
 * @param frameRate frames a second, as the video usability information declares it; 0 where it says nothing
 * @param interlaced whether pictures may be single fields
 */
public record VideoFormat(int width, int height, double frameRate, boolean interlaced) {
    private static final int MAX_PIXELS = 16_384;
    private static final double MAX_FRAME_RATE = 1_000;

    /** With what makes sense of it; null if the size does not. */
    static @Nullable VideoFormat of(long width, long height, double frameRate, boolean interlaced) {
        if (width <= 0 || height <= 0 || width > MAX_PIXELS || height > MAX_PIXELS) {
            return null;
        }
        // In whole thousandths, as 29.97 is commonly written.
        double rate = frameRate > 0 && frameRate <= MAX_FRAME_RATE ? Math.round(frameRate * 1e3) / 1e3 : 0;
        return new VideoFormat((int) width, (int) height, rate, interlaced);
    }
}
