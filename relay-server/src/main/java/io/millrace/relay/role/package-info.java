/**
 * What this node is for in a cluster: the listener roles that it serves while they are granted to it. Called by the
 * composition root, on reload, and by the cluster. Opens no socket itself, and never keeps the cluster's threads.
 */
@NullMarked
package io.millrace.relay.role;

import org.jspecify.annotations.NullMarked;
