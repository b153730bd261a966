package io.millrace.relay.config;

/** Servers whose statistics the relay can serve as well, in their shape and at their paths, for programs that read them. */
public enum Compatibility {
    /** srt-live-server and its descendants. */
    SLS,
    /** OpenIRL's descendant of it, which has a path for each stream. */
    OPENIRL,
    /** The receiver of BELABOX. */
    BELABOX,
    /** Nimble Streamer. */
    NIMBLE
}
