package io.millrace.relay.role;

import io.vertx.core.Future;

/** Sends the callers of a service to this node. */
@FunctionalInterface
public interface ServiceEndpoints {
    /** For where there are no services. */
    ServiceEndpoints NONE = (service, port, epoch) -> Future.succeededFuture();

    /**
     * Points a service at this node. Whoever has a later epoch of the role has pointed it elsewhere, which must stay so.
     *
     * @param port the UDP port that the listener of the role is bound to
     * @param epoch of the grant by which this node serves the role
     */
    Future<Void> point(String service, int port, long epoch);
}
