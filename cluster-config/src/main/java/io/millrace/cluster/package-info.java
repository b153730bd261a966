/**
 * Owns the small facts that nodes share: which node publishes a stream, who holds a listener role, which nodes live and
 * how loaded they are, and which connections a role's owner has.
 * Called by the relay through interfaces of JDK types, so that one node and a cluster look the same.
 * Never carries media and never blocks its caller: what may take time comes as a completion stage, and all of it can be
 * rebuilt from what each node knows of itself.
 */
@NullMarked
package io.millrace.cluster;

import org.jspecify.annotations.NullMarked;
