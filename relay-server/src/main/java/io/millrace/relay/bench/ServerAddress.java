package io.millrace.relay.bench;

import io.millrace.relay.call.SrtUrl;
import java.io.IOException;
import java.net.InetSocketAddress;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Where an SRT server listens.
 *
 * @param text as the user wrote it
 * @param address resolved
 */
record ServerAddress(String text, InetSocketAddress address) {
    private static final String SCHEME = "srt://";

    /** Reads {@code srt://HOST:PORT}; the scheme may be left out. */
    static final class Converter implements ITypeConverter<ServerAddress> {
        @Override
        public ServerAddress convert(String text) {
            if (!SrtUrl.isBare(text)) {
                throw malformed(text);
            }
            SrtUrl url;
            try {
                url = SrtUrl.parse(text.contains("://") ? text : SCHEME + text);
            } catch (IllegalArgumentException e) {
                throw malformed(text);
            }
            try {
                return new ServerAddress(text, url.resolve());
            } catch (IOException e) {
                throw new TypeConversionException("the host of '" + text + "' is unknown");
            }
        }

        private static TypeConversionException malformed(String text) {
            return new TypeConversionException("'" + text + "' is not " + SrtUrl.ALLOWED);
        }
    }
}
