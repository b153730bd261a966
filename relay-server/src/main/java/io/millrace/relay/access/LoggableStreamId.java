package io.millrace.relay.access;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A stream id as a log, a page or an API may show it: on one line, of bounded length, without secrets. */
public final class LoggableStreamId {
    /** Longest result, in characters. */
    public static final int MAX_LENGTH = 128;

    private static final int MAX_QUOTED_LENGTH = 32;
    private static final String HIDDEN = "***";
    private static final String AUTHORITY = "://";
    /** Encoded once more than the sender's player or encoder decodes, however often. */
    private static final Pattern ENCODED_SEPARATOR = Pattern.compile("%(?:25)*3[ADad]");

    private static final char ELLIPSIS = '\u2026';
    /** A value is shown only where its key is known to be harmless: senders keep secrets under any name. */
    private static final Set<String> SHOWN = Set.of("u", "r", "h", "t", "m", "mode", "bmd_name", "bmd_uuid");

    private LoggableStreamId() {}

    /** Decoded where the sender's URL encoded it, so that a secret is recognized in any dress. */
    public static String of(String streamId) {
        return escaped(withoutSecrets(streamId), MAX_LENGTH);
    }

    /** A part of a stream id, to stand in a sentence: as bare of secrets as the whole. */
    static String quoted(String part) {
        return escaped(withoutSecrets(part), MAX_QUOTED_LENGTH);
    }

    private static String withoutSecrets(String sent) {
        String text = StreamIdDialect.normalized(sent);
        // SRT carries 512 bytes; what is longer is refused, and its end would not be shown anyway.
        String start = text.substring(0, Math.min(text.length(), 1024));
        return hideValues(hideUnnamed(hideAuthority(hideEncoded(start))));
    }

    /** What is still encoded was not understood: nobody knows what stands behind that '=' or ':'. */
    private static String hideEncoded(String text) {
        Matcher separator = ENCODED_SEPARATOR.matcher(text);
        return separator.find()
                ? text.substring(0, separator.start()) + separator.group().toUpperCase(Locale.ROOT) + HIDDEN
                : text;
    }

    /** The credentials of a URL, whatever it leads to and wherever in the text it stands. */
    private static String hideAuthority(String text) {
        int url = text.indexOf(AUTHORITY);
        int host = url + AUTHORITY.length();
        int at = text.lastIndexOf('@');
        return url >= 0 && at >= host ? text.substring(0, host) + HIDDEN + text.substring(at) : text;
    }

    /** Secrets that their place gives away, in the ways that have no keys. */
    private static String hideUnnamed(String text) {
        if (text.startsWith("#!")) {
            return text;
        }
        if (StreamIdDialect.looksLikeMediaMtx(text)) {
            return hideCredentials(text);
        }
        int token = text.indexOf(StreamIdDialect.TOKEN);
        if (token >= 0) {
            int mode = text.indexOf(StreamIdDialect.MODE, token);
            String rest = mode < 0 ? "" : hideUnnamed(text.substring(mode));
            return text.substring(0, token) + StreamIdDialect.TOKEN + HIDDEN + rest;
        }
        return text;
    }

    /** {@code publish:NAME:USER:***} and {@code publish:NAME:***}; a query in the last place keeps its keys. */
    private static String hideCredentials(String text) {
        String[] parts = text.split(":", 4);
        return switch (parts.length) {
            case 2 -> text;
            case 3 -> parts[2].indexOf('=') < 0 ? parts[0] + ':' + parts[1] + ':' + HIDDEN : text;
            default -> parts[0] + ':' + parts[1] + ':' + parts[2] + ':' + HIDDEN;
        };
    }

    /**
     * Hides what stands behind a '=', wherever keys may be: in the standard syntax and in queries. A hidden value ends
     * only at a comma before a next key, so that a secret with a comma or an ampersand in it does not show its end.
     */
    private static String hideValues(String text) {
        StringBuilder shown = new StringBuilder(text.length());
        boolean hiding = false;
        int start = 0;
        while (start <= text.length()) {
            int end = endOfPiece(text, start);
            String piece = text.substring(start, end);
            char before = start == 0 ? 0 : text.charAt(start - 1);
            int equals = piece.indexOf('=');
            if (!hiding || (before == ',' && equals >= 0)) {
                if (before != 0) {
                    shown.append(before);
                }
                hiding = equals >= 0 && !isShown(piece.substring(0, equals), start == 0);
                shown.append(hiding ? piece.substring(0, equals + 1) + HIDDEN : piece);
            }
            start = end + 1;
        }
        return shown.toString();
    }

    private static int endOfPiece(String text, int start) {
        int end = start;
        while (end < text.length() && ",?&{".indexOf(text.charAt(end)) < 0) {
            end++;
        }
        return end;
    }

    /** Before the first key of a text stands what introduces it: all up to a colon. */
    private static boolean isShown(String key, boolean first) {
        return SHOWN.contains((first ? key.substring(key.lastIndexOf(':') + 1) : key).strip());
    }

    /** Any text on one line, cut to a length in characters; nothing is hidden. */
    static String escaped(String text, int maxLength) {
        StringBuilder escaped = new StringBuilder();
        // Where there is room for the ellipsis: never in an escape or a surrogate pair.
        int cut = 0;
        for (int c : text.codePoints().toArray()) {
            cut = escaped.length() < maxLength ? escaped.length() : cut;
            if (isPrintable(c)) {
                escaped.appendCodePoint(c);
            } else {
                escaped.append(String.format("\\u%04x", c));
            }
            if (escaped.length() > maxLength) {
                escaped.setLength(cut);
                return escaped.append(ELLIPSIS).toString();
            }
        }
        return escaped.toString();
    }

    /** Invisible characters and those that turn the direction of writing can make one text look like another. */
    private static boolean isPrintable(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }
}
