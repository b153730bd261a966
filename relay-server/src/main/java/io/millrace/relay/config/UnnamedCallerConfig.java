package io.millrace.relay.config;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a caller means whose stream id names no stream, told by where it calls from or by what it encrypts with. Exactly one
 * of both is there.
 *
 * @param address where it calls from
 * @param passphrase what it encrypts with
 * @param stream its stream
 * @param mode what it does with the stream, unless its stream id says it
 */
public record UnnamedCallerConfig(
        @Nullable AddressRange address,
        @Secret @Nullable SecretReference passphrase,
        String stream,
        ListenerConfig.Mode mode) {

    static UnnamedCallerConfig bind(Section keys) {
        UnnamedCallerConfig caller = new UnnamedCallerConfig(
                keys.optional("address", AddressRange.FORM, AddressRange::parse),
                keys.passphrase("passphrase"),
                keys.required("stream", "", ListenerConfig.STREAM_NAMES, Optional::of),
                keys.choice("mode", ListenerConfig.Mode.PUBLISH));
        if (keys.isSound() && (caller.address == null) == (caller.passphrase == null)) {
            String found = caller.address == null ? "neither address nor passphrase" : "both address and passphrase";
            keys.refuse("address", found, "one of them in an entry");
        }
        return caller;
    }
}
