package io.millrace.srt.send;

/**
 * How fast a sender may send, in the terms of live congestion control. draft-sharabayko-srt §5.1.1.
 *
 * @param maximumBytesPerSecond MAXBW: above 0 the limit itself; {@link #UNLIMITED}; 0 for a limit by the input rate
 * @param inputBytesPerSecond INPUTBW, with MAXBW 0: the input rate, or 0 to have it measured
 * @param overheadPercent OHEADBW: what may come on top of the input rate
 * @param retransmitPercent how much may be retransmitted, in percent of what is sent for the first time; more waits
 */
public record BandwidthLimit(
        long maximumBytesPerSecond, long inputBytesPerSecond, int overheadPercent, int retransmitPercent) {
    /** MAXBW that stands for 1 Gbit/s, libsrt's idea of no limit. */
    public static final long UNLIMITED = -1;

    /** libsrt's defaults, and as much again for retransmissions as for the stream itself. */
    public static final BandwidthLimit DEFAULT = new BandwidthLimit(UNLIMITED, 0, 25, 100);

    static final long UNLIMITED_BYTES_PER_SECOND = 125_000_000;
}
