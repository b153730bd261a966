package io.millrace.relay.net;

/**
 * Where the time of one event loop goes, by {@link EventLoops#statistics}.
 *
 * @param loop its number
 * @param takenMicros when, by {@link LoopClock}; about a second ago at most, unless the loop is stuck
 * @param lastSecond or longer, after a stall
 * @param lastMinute the last 60 of those
 * @param sinceStart of the process
 */
public record LoopStatistics(
        int loop, long takenMicros, LoopWindow lastSecond, LoopWindow lastMinute, LoopWindow sinceStart) {}
