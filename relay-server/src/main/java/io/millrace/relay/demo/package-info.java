/**
 * Owns the demo stream: a short clip that is repeated for ever as if it were one live programme.
 * Called by whoever publishes it, which sends each payload when it is due.
 * Never reads a clock, never sends, and never touches a stream that is not the demo's.
 */
@NullMarked
package io.millrace.relay.demo;

import org.jspecify.annotations.NullMarked;
