package io.millrace.relay.config;

/** What a token of the API may do; each scope has those before it. */
public enum ApiScope {
    /** Look at everything that is going on. */
    READ,
    /** Act on streams, connections and callers. */
    OPERATE,
    /** See and change how the relay is set up. */
    ADMIN;

    /** Whether a token of this scope may do what {@code needed} is asked for. */
    public boolean includes(ApiScope needed) {
        return compareTo(needed) >= 0;
    }
}
