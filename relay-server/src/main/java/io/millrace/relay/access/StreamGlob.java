package io.millrace.relay.access;

/** Names of streams as tokens list them: {@code *} is anything within a segment of the path, {@code **} anything. */
final class StreamGlob {
    private StreamGlob() {}

    /** Whether a name fits, in a time of at most the product of both lengths. */
    static boolean matches(String glob, String name) {
        // at[i]: what was read of the name so far fits the first i characters of the glob.
        boolean[] at = new boolean[glob.length() + 1];
        at[0] = true;
        skipStars(glob, at);
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean[] next = new boolean[at.length];
            for (int j = 0; j < glob.length(); j++) {
                if (!at[j]) {
                    continue;
                }
                if (glob.charAt(j) != '*') {
                    next[j + 1] |= glob.charAt(j) == c;
                } else if (c != '/' || isDouble(glob, j)) {
                    next[j] = true;
                }
            }
            at = next;
            skipStars(glob, at);
        }
        return at[glob.length()];
    }

    /** A star may stand for nothing. */
    private static void skipStars(String glob, boolean[] at) {
        for (int j = 0; j < glob.length(); j++) {
            at[j + 1] |= at[j] && glob.charAt(j) == '*';
        }
    }

    private static boolean isDouble(String glob, int star) {
        return star + 1 < glob.length() && glob.charAt(star + 1) == '*';
    }
}
