package io.millrace.srt.connection;

/** Why a connection ended. */
public enum CloseReason {
    /** The peer sent SHUTDOWN. */
    PEER_SHUTDOWN,
    /** Nothing was heard from the peer for the idle timeout. */
    PEER_IDLE,
    /** The same peer socket shook hands anew. */
    REPLACED,
    /** Our side closed it. */
    LOCAL
}
