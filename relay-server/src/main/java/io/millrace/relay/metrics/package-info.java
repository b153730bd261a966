/**
 * Owns the metrics for Prometheus. Called by HTTP with a scrape, and once a second to look at the connections.
 * Never runs on an event loop and never counts by itself: it reads the snapshots that others publish, so that a packet
 * costs the same with metrics and without.
 */
@NullMarked
package io.millrace.relay.metrics;

import org.jspecify.annotations.NullMarked;
