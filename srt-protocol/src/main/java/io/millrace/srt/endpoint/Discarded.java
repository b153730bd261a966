package io.millrace.srt.endpoint;

/** Why an endpoint discarded a well-formed packet. Each reason has a counter. */
public enum Discarded {
    /** For a socket ID that nobody has (any more). */
    UNKNOWN_SOCKET_ID,
    /** For a connection, but not from its peer's address. */
    FOREIGN_ADDRESS,
    /** For no connection, and no handshake. */
    NOT_A_HANDSHAKE,
    /** A conclusion with a wrong or outdated cookie. */
    BAD_COOKIE,
    /** A conclusion repeated while its decision is pending, or after it; normal on long links. */
    REPEATED_CONCLUSION,
    /** Too many callers wait for a decision. */
    PENDING_CALLERS_FULL,
    /** Too many answers wait to be written. */
    REPLIES_FULL,
    /** A handshake message that has no place here. */
    UNEXPECTED_HANDSHAKE,
    /** A handshake that asks for what only rendezvous does. */
    RENDEZVOUS
}
