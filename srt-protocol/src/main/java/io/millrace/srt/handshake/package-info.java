/**
 * Owns the way to a connection: cookies, the caller's and the listener's exchange, extensions and stream ids.
 * Called by the endpoint until both sides agree; its result is what the connection starts from.
 * Never sends a datagram itself and never waits: a decision taken elsewhere comes back as a call.
 */
@NullMarked
package io.millrace.srt.handshake;

import org.jspecify.annotations.NullMarked;
