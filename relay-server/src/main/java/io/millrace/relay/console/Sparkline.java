package io.millrace.relay.console;

import java.util.List;

/** Numbers as a row of bars, from zero to the highest. */
final class Sparkline {
    private static final String BARS = "▁▂▃▄▅▆▇█";

    private Sparkline() {}

    /** @param values a blank is shown for those that are not a number */
    static String of(List<Double> values) {
        double highest = values.stream()
                .mapToDouble(Double::doubleValue)
                .filter(value -> !Double.isNaN(value))
                .max()
                .orElse(0);
        StringBuilder bars = new StringBuilder();
        for (double value : values) {
            if (Double.isNaN(value)) {
                bars.append(' ');
            } else {
                int height = highest <= 0 ? 0 : (int) (Math.max(0, value) / highest * (BARS.length() - 1) + 0.5);
                bars.append(BARS.charAt(height));
            }
        }
        return bars.toString();
    }

    /** A bar of so many columns that is filled by this share. */
    static String gauge(double share, int columns) {
        int filled = Double.isNaN(share) ? 0 : (int) Math.round(Math.min(1, Math.max(0, share)) * columns);
        return "█".repeat(filled) + "░".repeat(columns - filled);
    }
}
