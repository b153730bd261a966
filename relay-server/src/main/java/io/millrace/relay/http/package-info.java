/**
 * Owns the HTTP side: the API, pages, the preview and health.
 * Called by operators, probes and browsers.
 * Never sees a socket of the media path, and never blocks an event loop.
 */
@NullMarked
package io.millrace.relay.http;

import org.jspecify.annotations.NullMarked;
