package io.millrace.relay.ts;

/**
 * One stream of a program, as its PMT describes it.
 *
 * @param pid of its packets
 * @param streamType as the PMT has it, 0 to 255
 * @param kind what it is for
 * @param codec as people call it, such as "H.264"; the number of the stream type where it has no name
 * @param language ISO 639 code of three letters; empty if the PMT has none
 */
public record ElementaryStream(int pid, int streamType, Kind kind, String codec, String language) {
    /** What a stream is for. */
    public enum Kind {
        VIDEO,
        AUDIO,
        SUBTITLES,
        DATA
    }
}
