package io.millrace.relay.config;

import java.util.Collection;
import java.util.List;
import java.util.Locale;

/** Finds the keys that somebody may have meant. */
final class NearestKeys {
    private static final int MAX_SUGGESTIONS = 3;

    private NearestKeys() {}

    /** The keys of the same section that are written alike; without any, keys of that name elsewhere, with their path. */
    static List<String> of(String typed, Collection<String> siblings, Collection<String> knownPaths) {
        int least = siblings.stream()
                .mapToInt(sibling -> distance(typed, sibling))
                .min()
                .orElse(Integer.MAX_VALUE);
        if (least <= tolerated(typed)) {
            return siblings.stream()
                    .filter(sibling -> distance(typed, sibling) == least)
                    .limit(MAX_SUGGESTIONS)
                    .toList();
        }
        return knownPaths.stream()
                .filter(path -> lastKey(path).equalsIgnoreCase(typed))
                .limit(MAX_SUGGESTIONS)
                .toList();
    }

    private static int tolerated(String typed) {
        return Math.max(1, Math.min(typed.length(), 12) / 3);
    }

    private static String lastKey(String path) {
        return path.substring(path.lastIndexOf('.') + 1);
    }

    /** How many letters must be added, removed, changed or swapped with the next; case makes no difference. */
    private static int distance(String one, String other) {
        String from = one.toLowerCase(Locale.ROOT);
        String to = other.toLowerCase(Locale.ROOT);
        if (Math.abs(from.length() - to.length()) > tolerated(one)) {
            return Integer.MAX_VALUE;
        }
        int[][] edits = new int[from.length() + 1][to.length() + 1];
        for (int i = 0; i <= from.length(); i++) {
            for (int j = 0; j <= to.length(); j++) {
                if (i == 0 || j == 0) {
                    edits[i][j] = i + j;
                    continue;
                }
                int changed = edits[i - 1][j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                edits[i][j] = Math.min(changed, 1 + Math.min(edits[i - 1][j], edits[i][j - 1]));
                if (i > 1
                        && j > 1
                        && from.charAt(i - 1) == to.charAt(j - 2)
                        && from.charAt(i - 2) == to.charAt(j - 1)) {
                    edits[i][j] = Math.min(edits[i][j], 1 + edits[i - 2][j - 2]);
                }
            }
        }
        return edits[from.length()][to.length()];
    }
}
