/**
 * Owns the secrets: passphrases, the key material message, the stream encrypting keys and the payload ciphers.
 * Called by the handshake and the connection when keys are agreed on or refreshed, and for every encrypted payload.
 * Never sends a packet and never decides whether a peer without the right key may stay.
 */
@NullMarked
package io.millrace.srt.crypto;

import org.jspecify.annotations.NullMarked;
