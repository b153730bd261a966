package io.millrace.relay.net;

import java.util.List;

/**
 * How values that are not negative are spread, by power of two.
 *
 * @param sum of all values
 * @param greatest value; 0 if there is none
 * @param counts how many values there are, from the place where {@link #from} says
 */
public record Distribution(long sum, long greatest, List<Long> counts) {
    public Distribution {
        counts = List.copyOf(counts);
    }

    /** The least value that is counted at this place of {@link #counts}: 0, 1, 2, 4, 8 and so on. */
    public static long from(int place) {
        return place == 0 ? 0 : 1L << (place - 1);
    }

    /** How many values there are. */
    public long count() {
        return counts.stream().mapToLong(Long::longValue).sum();
    }

    /** 0 if there is no value. */
    public double mean() {
        long count = count();
        return count == 0 ? 0 : (double) sum / count;
    }

    /**
     * The value that this part of all values does not exceed, as exact as a power of two is: within it, values are taken
     * for evenly spread. 0 if there is no value.
     */
    public long quantile(double part) {
        double wanted = part * count();
        double below = 0;
        for (int place = 0; place < counts.size(); place++) {
            long here = counts.get(place);
            if (here > 0 && below + here >= wanted) {
                long from = from(place);
                long to = Math.min(greatest, place == counts.size() - 1 ? greatest : from(place + 1) - 1);
                return from + Math.round((to - from) * (wanted - below) / here);
            }
            below += here;
        }
        return greatest;
    }
}
