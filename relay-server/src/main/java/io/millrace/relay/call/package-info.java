/**
 * Calls out to SRT servers: what an SRT URL says, the keys, the connection that comes of it, and why none did.
 */
@NullMarked
package io.millrace.relay.call;

import org.jspecify.annotations.NullMarked;
