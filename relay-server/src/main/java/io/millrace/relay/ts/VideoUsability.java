package io.millrace.relay.ts;

/** What the video usability information of H.264 (E.1.1) and of H.265 (E.2.1) begin with alike. */
final class VideoUsability {
    /** The aspect ratio follows as two numbers. */
    private static final int EXTENDED_ASPECT = 255;

    private VideoUsability() {}

    /** Skips how a picture is to be shown: aspect ratio, overscan, signal and place of the chroma samples. */
    static void skipAppearance(BitReader in) {
        if (in.flag() && in.bits(8) == EXTENDED_ASPECT) {
            in.skip(32);
        }
        if (in.flag()) {
            in.skip(1);
        }
        if (in.flag()) {
            in.skip(4);
            if (in.flag()) {
                in.skip(24);
            }
        }
        if (in.flag()) {
            in.skipGolombs(2);
        }
    }
}
