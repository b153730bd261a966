/**
 * Owns one UDP socket's connections: admission, the socket-id table, dispatch and the next deadline.
 * Called by whoever has the real socket: bytes and the time go in, events and datagrams come out.
 * Never opens a socket, never blocks, and gives the same outputs for the same inputs.
 */
@NullMarked
package io.millrace.srt.endpoint;

import org.jspecify.annotations.NullMarked;
