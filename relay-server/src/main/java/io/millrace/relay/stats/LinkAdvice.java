package io.millrace.relay.stats;

/**
 * How a link should be set, see {@link LinkAdviser}.
 *
 * @param sufficient whether it is set well enough
 * @param latencyMillis the least latency to set, on either side: the greater one counts
 * @param overheadPercent what to leave for retransmissions on top of the stream's bit rate: {@code oheadbw} of libsrt
 * @param sentence the same for people, with the reason and the numbers
 */
public record LinkAdvice(boolean sufficient, int latencyMillis, int overheadPercent, String sentence) {}
