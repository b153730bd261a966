package io.millrace.relay.role;

import io.millrace.cluster.RoleLeases;
import io.millrace.relay.listener.ListenerSupervisor;
import java.util.function.Consumer;

/**
 * What all roles of a node share.
 *
 * @param opened told of each grant when the listener is open and lets callers in, on a thread that may be kept
 * @param isAlone whether there can't be other nodes
 * @param closesWhenFenced whether a listener is closed as soon as its owner isn't sure of it any more, because the next
 *     owner opens the same port of the same machine
 */
record RoleServices(
        RoleLeases leases,
        String nodeId,
        ListenerSupervisor listeners,
        Consumer<RoleLeases.Grant> opened,
        ServiceEndpoints endpoints,
        boolean isAlone,
        boolean closesWhenFenced) {}
