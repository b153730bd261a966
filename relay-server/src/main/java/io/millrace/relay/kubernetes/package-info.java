/**
 * Owns what the relay writes to the Kubernetes API: the EndpointSlices of services that follow a listener's role.
 * Called when a role is granted to this node, and only in a pod.
 * Never watches, lists or deletes anything, and no media or caller waits for it.
 */
@NullMarked
package io.millrace.relay.kubernetes;

import org.jspecify.annotations.NullMarked;
