/**
 * Owns what leaves: the window of positions in flight, retransmission and pacing.
 * Called by the connection when it may send and when an acknowledgement or a loss report arrives.
 * Never stores a payload: it knows positions, and reads the bytes from a log that somebody else owns.
 */
@NullMarked
package io.millrace.srt.send;

import org.jspecify.annotations.NullMarked;
