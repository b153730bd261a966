/**
 * Owns the streams of this node: the log of payloads, who publishes, and the fan-out to subscribers.
 * Called by listeners and connectors, which publish to a stream or subscribe to it.
 * Never waits for a subscriber: whoever falls behind is moved forward and counted.
 */
@NullMarked
package io.millrace.relay.stream;

import org.jspecify.annotations.NullMarked;
