/**
 * Owns the command line and the order in which the relay starts and stops.
 * Called by the JVM alone: nothing depends on the composition root except the entry point.
 * Never handles a packet and never holds the state of a stream or a connection.
 */
@NullMarked
package io.millrace.relay;

import org.jspecify.annotations.NullMarked;
