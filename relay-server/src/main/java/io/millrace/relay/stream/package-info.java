/**
 * Streams: a name, who publishes it, its log of media and the fan-out to its subscribers. Called by the listeners; media
 * enters through {@link io.millrace.relay.stream.PublisherSlot} and leaves through the log. Sees no sockets.
 */
@org.jspecify.annotations.NullMarked
package io.millrace.relay.stream;
