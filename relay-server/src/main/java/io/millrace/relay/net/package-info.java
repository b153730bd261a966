/**
 * Owns UDP: channels on event loops, batches of datagrams in and out, the timers of a loop.
 * Called by listeners and connectors, which give it an endpoint to drive.
 * Never interprets a packet. No other package may see Netty or the internals of Vert.x.
 */
@NullMarked
package io.millrace.relay.net;

import org.jspecify.annotations.NullMarked;
