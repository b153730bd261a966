/**
 * Owns the wire format: reading and writing the bits of data and control packets.
 * Called by every other package of the library, on the hot path without allocating.
 * Never keeps state, never looks at the time and never decides what a packet means for a connection.
 */
@NullMarked
package io.millrace.srt.packet;

import org.jspecify.annotations.NullMarked;
