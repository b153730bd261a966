/**
 * Owns the small facts that nodes share: which node publishes a stream, and under which epoch.
 * Called by the relay through interfaces of JDK types, so that one node and a cluster look the same.
 * Never carries media and never blocks its caller: every answer comes as a completion stage.
 */
@NullMarked
package io.millrace.cluster;

import org.jspecify.annotations.NullMarked;
