/**
 * Owns the question who may publish or request what, and with which passphrase.
 * Called once for each caller that arrives; the answer comes later.
 * Never runs on an event loop and never sees the media.
 */
@NullMarked
package io.millrace.relay.access;

import org.jspecify.annotations.NullMarked;
