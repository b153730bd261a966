package io.millrace.relay.console;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;

/** Numbers as the tables have them; a dash for one that is not known. */
final class Figures {
    static final String NONE = "-";

    private Figures() {}

    /** Of the API; not a number if it has none of this name. */
    static double number(JsonNode object, String name) {
        JsonNode value = object.path(name);
        return value.isNumber() ? value.asDouble() : Double.NaN;
    }

    /** Bits per second in Mbit/s. */
    static String megabits(double bitsPerSecond) {
        return decimal(bitsPerSecond / 1e6, 2);
    }

    static String decimal(double value, int places) {
        return Double.isNaN(value) ? NONE : String.format(Locale.ROOT, "%." + places + "f", value);
    }

    static String whole(double value) {
        return decimal(value, 0);
    }

    /** A percentage: with two places below ten, where they matter. */
    static String percent(double value) {
        return decimal(value, value < 9.995 ? 2 : 1);
    }

    /** A time: 0:45, 12:05, 3:12:05 or 2d03h. */
    static String age(double millis) {
        if (Double.isNaN(millis)) {
            return NONE;
        }
        long seconds = Math.max(0, (long) (millis / 1e3));
        if (seconds < 3_600) {
            return String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60);
        } else if (seconds < 86_400) {
            return String.format(Locale.ROOT, "%d:%02d:%02d", seconds / 3_600, seconds / 60 % 60, seconds % 60);
        }
        return String.format(Locale.ROOT, "%dd%02dh", seconds / 86_400, seconds / 3_600 % 24);
    }
}
