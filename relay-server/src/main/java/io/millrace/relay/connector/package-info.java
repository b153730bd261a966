/**
 * Owns the connections that the relay opens: pulls, pushes, files and plain UDP, with their reconnects.
 * Called by the composition root and on reload, from the configured ingests and egresses.
 * Never gives up on a peer for good, and never retries without a pause.
 */
@NullMarked
package io.millrace.relay.connector;

import org.jspecify.annotations.NullMarked;
