/**
 * Owns what arrives: the receive buffer with its holes, acknowledgements, loss reports and the delivery time.
 * Called by the connection for each data packet and when a deadline is due.
 * Never reads a clock and never sends: it says what is due, and the connection writes it.
 */
@NullMarked
package io.millrace.srt.receive;

import org.jspecify.annotations.NullMarked;
