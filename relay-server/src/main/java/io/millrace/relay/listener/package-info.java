/**
 * Owns the UDP ports that callers connect to, and the links of subscribers.
 * Called by the composition root and on reload; drives endpoints through the transport.
 * Never stores media and never decides about access itself.
 */
@NullMarked
package io.millrace.relay.listener;

import org.jspecify.annotations.NullMarked;
