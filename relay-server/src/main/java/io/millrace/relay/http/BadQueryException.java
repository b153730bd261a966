package io.millrace.relay.http;

import org.jspecify.annotations.Nullable;

/** A parameter of a request's query that can't be taken; the message is for who sent it. */
final class BadQueryException extends Exception {
    /**
     * @param value as sent; null for a parameter that doesn't exist
     * @param allowed what could stand there
     */
    BadQueryException(String parameter, @Nullable String value, String allowed) {
        super((value == null ? "unknown parameter " + parameter : parameter + ": found " + value) + "; allowed: "
                + allowed);
    }
}
