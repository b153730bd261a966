/**
 * Owns the numbers: snapshots of connections and streams, and a short history of them.
 * Called by the API and the metrics with a request, by the owners of the numbers with a copy.
 * Never reads another event loop's objects directly and never slows the path of the media.
 */
@NullMarked
package io.millrace.relay.stats;

import org.jspecify.annotations.NullMarked;
