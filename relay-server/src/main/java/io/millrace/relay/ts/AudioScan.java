package io.millrace.relay.ts;

import org.jspecify.annotations.Nullable;

/** Looks at the first frame header in each PES packet of an audio stream. What two in a row say is taken for true. */
final class AudioScan {
    private final @Nullable AudioHeader header;
    private @Nullable AudioFormat candidate;
    private @Nullable AudioFormat format;

    /** @param codec as {@link CodecName} names it */
    AudioScan(String codec) {
        header = AudioHeader.of(codec);
    }

    /** Takes what a PES packet begins with. */
    void take(byte[] ts, int from, int end) {
        if (header == null) {
            return;
        }
        for (int at = from; at + AudioHeader.LENGTH <= end; at++) {
            AudioFormat read = header.read(ts, at);
            if (read != null) {
                if (read.equals(candidate) && !read.equals(format)) {
                    format = read;
                }
                candidate = read;
                return;
            }
        }
    }

    /** What was found; null if nothing was. */
    @Nullable
    AudioFormat format() {
        return format;
    }
}
