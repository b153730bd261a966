package io.millrace.relay.access;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What may name a stream: 1 to {@value #MAX_BYTES} bytes of UTF-8 that can be shown, logged and used as a path. */
final class StreamName {
    static final int MAX_BYTES = 256;

    private static final char REPLACEMENT = '\uFFFD';

    private StreamName() {}

    /** Without the slashes and spaces around it, which URLs and copied text leave there. */
    static String trimmed(String name) {
        int start = 0;
        int end = name.length();
        while (start < end && isPadding(name.charAt(start))) {
            start++;
        }
        while (end > start && isPadding(name.charAt(end - 1))) {
            end--;
        }
        return name.substring(start, end);
    }

    private static boolean isPadding(char c) {
        return c == '/' || c == ' ';
    }

    /** What is wrong with a trimmed name, to follow "the stream's name"; null where it is valid. */
    static @Nullable String fault(String name) {
        if (name.isEmpty()) {
            return "is empty";
        }
        if (name.length() > MAX_BYTES || name.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            return "is longer than " + MAX_BYTES + " bytes";
        }
        if (name.codePoints().anyMatch(c -> c == REPLACEMENT || Character.getType(c) == Character.SURROGATE)) {
            return "is not valid UTF-8";
        }
        if (name.codePoints().anyMatch(StreamName::isControl)) {
            return "holds a control character";
        }
        if (!name.equals(trimmed(name))) {
            return "begins or ends with a slash or a space";
        }
        if (Arrays.asList(name.split("/", -1)).contains("..")) {
            return "has \"..\" as a path segment";
        }
        return null;
    }

    /** A line or paragraph separator starts a new line in many a viewer of logs. */
    private static boolean isControl(int c) {
        return Character.isISOControl(c)
                || Character.getType(c) == Character.LINE_SEPARATOR
                || Character.getType(c) == Character.PARAGRAPH_SEPARATOR;
    }

    /** The same name, or an {@link IllegalArgumentException}. */
    static String checked(String name) {
        String fault = fault(name);
        if (fault != null) {
            throw new IllegalArgumentException("the stream's name " + fault);
        }
        return name;
    }
}
