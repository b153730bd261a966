package io.millrace.relay.config;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * Sockets and event loops.
 *
 * @param nativeTransport key {@code native}: use epoll where it can be had, otherwise and with false NIO
 * @param eventLoops how many event loops carry media; 0 is one per processor
 * @param receiveBufferBytes receive buffer that is asked of the kernel, per socket
 * @param sendBufferBytes send buffer that is asked of the kernel, per socket
 */
public record TransportConfig(
        @JsonProperty("native") boolean nativeTransport, int eventLoops, int receiveBufferBytes, int sendBufferBytes) {

    private static final int MIN_BUFFER_BYTES = 65_536;
    private static final int MAX_BUFFER_BYTES = 1_073_741_824;

    static TransportConfig bind(Section keys) {
        return new TransportConfig(
                keys.flag("native", true),
                keys.integer("eventLoops", 0, 0, 256),
                keys.integer("receiveBufferBytes", 4_194_304, MIN_BUFFER_BYTES, MAX_BUFFER_BYTES),
                keys.integer("sendBufferBytes", 4_194_304, MIN_BUFFER_BYTES, MAX_BUFFER_BYTES));
    }
}
