package io.millrace.relay.config;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A pattern for names: {@code *} stands for any characters but '/', {@code **} for any characters, both also for none;
 * everything else for itself. It fits a name as a whole or not at all.
 *
 * <p>Names come from strangers. All ways of fitting one are followed at once, so the time is at most the product of both
 * lengths, whatever the name.
 */
public final class Glob {
    /** Fits every name. */
    public static final Glob EVERYTHING = new Glob("**");

    static final int MAX_LENGTH = 512;
    static final String ALLOWED = "1 to " + MAX_LENGTH + " characters, none of them a control character, with * for any"
            + " but slashes and ** for any";

    static final TextForm FORM = TextForm.of(TextForm.CLEAN + "{1," + MAX_LENGTH + "}", ALLOWED);

    private static final int ANY_BUT_SLASH = -1;
    private static final int ANY = -2;

    private final String text;
    /** Characters, {@link #ANY_BUT_SLASH} and {@link #ANY}. */
    private final int[] pieces;

    private Glob(String text) {
        this.text = text;
        this.pieces = pieces(text);
    }

    /** The pattern that is written like this; empty where the text is. */
    public static Optional<Glob> parse(String text) {
        return text.isBlank() || text.length() > MAX_LENGTH || !OneLine.isClean(text)
                ? Optional.empty()
                : Optional.of(new Glob(text));
    }

    private static int[] pieces(String text) {
        int[] pieces = new int[text.length()];
        int count = 0;
        for (int i = 0; i < text.length(); i++) {
            int stars = i;
            while (i < text.length() && text.charAt(i) == '*') {
                i++;
            }
            stars = i - stars;
            if (stars > 0) {
                pieces[count++] = stars == 1 ? ANY_BUT_SLASH : ANY;
            }
            if (i < text.length()) {
                pieces[count++] = text.charAt(i);
            }
        }
        return Arrays.copyOf(pieces, count);
    }

    /** Whether the pattern fits the whole name. */
    public boolean matches(String name) {
        // reached[i]: the characters so far fit the first i pieces.
        boolean[] reached = new boolean[pieces.length + 1];
        reached[0] = true;
        passEmpty(reached);
        for (int i = 0; i < name.length(); i++) {
            if (!step(reached, name.charAt(i))) {
                return false;
            }
        }
        return reached[pieces.length];
    }

    /** Takes one more character; false where nothing fits any more. */
    private boolean step(boolean[] reached, char c) {
        boolean any = false;
        // Downwards, so that each place is read before it is written.
        for (int i = pieces.length; i >= 0; i--) {
            boolean stays = i < pieces.length && reached[i] && takes(pieces[i], c);
            boolean arrives = i > 0 && reached[i - 1] && pieces[i - 1] == c;
            reached[i] = stays || arrives;
            any |= reached[i];
        }
        passEmpty(reached);
        return any;
    }

    /** Whether an asterisk takes this character. */
    private static boolean takes(int piece, char c) {
        return piece == ANY || (piece == ANY_BUT_SLASH && c != '/');
    }

    /** Asterisks stand for nothing too. */
    private void passEmpty(boolean[] reached) {
        for (int i = 0; i < pieces.length; i++) {
            reached[i + 1] |= reached[i] && pieces[i] < 0;
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Glob glob && glob.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** As it was written. */
    @JsonValue
    @Override
    public String toString() {
        return text;
    }
}
