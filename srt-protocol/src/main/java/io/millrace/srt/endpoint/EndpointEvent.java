package io.millrace.srt.endpoint;

import io.millrace.srt.connection.CloseReason;
import io.millrace.srt.connection.SrtConnection;
import io.millrace.srt.crypto.KeyMaterial;
import io.millrace.srt.handshake.RejectReason;
import java.net.InetSocketAddress;

/** What an endpoint tells its owner. */
public sealed interface EndpointEvent {
    /** A caller wants in: answer with {@link SrtEndpoint#accept} or {@link SrtEndpoint#reject}, now or later. */
    record CallerArrived(PendingCaller caller) implements EndpointEvent {}

    /** A pending caller was forgotten, since no decision came in time, or none before it gave up. */
    record CallerExpired(PendingCaller caller) implements EndpointEvent {}

    /** A caller was refused without asking, for what its handshake says. */
    record CallerRefused(InetSocketAddress from, String streamId, RejectReason reason) implements EndpointEvent {}

    /** A call of ours was answered: the connection is up. */
    record Connected(SrtConnection connection) implements EndpointEvent {}

    /**
     * A call of ours failed.
     *
     * @param socketId what {@link SrtEndpoint#connect} returned
     * @param rejectionType the handshake type that the peer refused with; 0 if it sent none
     */
    record ConnectFailed(int socketId, RejectReason reason, int rejectionType) implements EndpointEvent {}

    /**
     * The peer of a connection goes on with a salt or key length that the connection's key encrypting key is not for.
     * Derive the one that is, off the event loop, and hand it to {@link SrtEndpoint#rekey}; without it, the keys that come
     * are not understood. A connection asks once in 5 s at most.
     */
    record KeyMaterialArrived(SrtConnection connection, KeyMaterial material) implements EndpointEvent {}

    /** A connection ended. */
    record Closed(SrtConnection connection, CloseReason reason) implements EndpointEvent {}
}
