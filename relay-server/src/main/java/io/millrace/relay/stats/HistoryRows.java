package io.millrace.relay.stats;

/** A part of a history: the times, and for each quantity its values at them. Not a number is what there was no value of. */
public final class HistoryRows {
    private final long[] epochSeconds;
    private final float[][] values;

    HistoryRows(long[] epochSeconds, float[][] values) {
        this.epochSeconds = epochSeconds;
        this.values = values;
    }

    public int size() {
        return epochSeconds.length;
    }

    /** The end of what the row is about. */
    public long epochSecond(int row) {
        return epochSeconds[row];
    }

    public float value(int row, Enum<?> quantity) {
        return values[quantity.ordinal()][row];
    }
}
