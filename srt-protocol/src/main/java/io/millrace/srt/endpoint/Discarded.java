package io.millrace.srt.endpoint;

/** Why an endpoint discarded a well-formed packet. Each reason has a counter. */
public enum Discarded {
    /** For a socket ID that nobody has (any more); not counted where a {@link StraySink} took it. */
    UNKNOWN_SOCKET_ID,
    /** For a connection, but not from its peer's address, nor from one that may forward for it. */
    FOREIGN_ADDRESS,
    /** For no connection, and no handshake. */
    NOT_A_HANDSHAKE,
    /** A handshake from an address that may not call. */
    DENIED_ADDRESS,
    /** A request for a cookie, beyond what is answered in a second. */
    OVER_BUDGET_INDUCTION,
    /** A conclusion with a valid cookie, of an address that has sent too many others. */
    OVER_BUDGET_CONCLUSION,
    /** A conclusion with a wrong or outdated cookie. */
    BAD_COOKIE,
    /** A conclusion repeated while its decision is pending, or after it; normal on long links. */
    REPEATED_CONCLUSION,
    /** Too many callers wait for a decision. */
    PENDING_CALLERS_FULL,
    /** Too many answers wait to be written. */
    REPLIES_FULL,
    /** A conclusion, while too many events wait for the endpoint's owner. */
    EVENTS_FULL,
    /** A handshake message that has no place here. */
    UNEXPECTED_HANDSHAKE,
    /** A handshake that asks for what only rendezvous does. */
    RENDEZVOUS
}
