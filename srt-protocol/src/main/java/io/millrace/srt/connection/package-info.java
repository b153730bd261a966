/**
 * Owns one established connection: receiving, sending and keys wired to timers and statistics.
 * Called by the endpoint with packets and with the time; answers with events and packets to write.
 * Never touches a socket, a thread or a clock, and never calls back into its caller.
 */
@NullMarked
package io.millrace.srt.connection;

import org.jspecify.annotations.NullMarked;
