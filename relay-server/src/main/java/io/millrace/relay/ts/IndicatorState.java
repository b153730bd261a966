package io.millrace.relay.ts;

/**
 * How a transport stream does by one indicator.
 *
 * @param count how often it was seen
 * @param lastMicros when it was last, on the clock of the payloads' times; 0 if it never was
 * @param failing whether that was within the last {@link TsJournal#FAILING_MICROS}
 */
public record IndicatorState(TsIndicator indicator, long count, long lastMicros, boolean failing) {}
