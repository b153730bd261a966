package io.millrace.relay.bench;

import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
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
    private static final int MAX_PORT = 65_535;

    /** Reads {@code srt://HOST:PORT}; the scheme may be left out. */
    static final class Converter implements ITypeConverter<ServerAddress> {
        @Override
        public ServerAddress convert(String text) {
            String withScheme = text.contains("://") ? text : SCHEME + text;
            URI uri;
            try {
                uri = new URI(withScheme);
            } catch (URISyntaxException e) {
                throw malformed(text);
            }
            String host = uri.getHost();
            boolean bare = (SCHEME + uri.getRawAuthority()).equals(withScheme) && uri.getRawUserInfo() == null;
            if (!bare || host == null || uri.getPort() < 1 || uri.getPort() > MAX_PORT) {
                throw malformed(text);
            }
            InetSocketAddress address = new InetSocketAddress(host, uri.getPort());
            if (address.isUnresolved()) {
                throw new TypeConversionException("the host of '" + text + "' is unknown");
            }
            return new ServerAddress(text, address);
        }

        private static TypeConversionException malformed(String text) {
            return new TypeConversionException(
                    "'" + text + "' is not srt://HOST:PORT, such as srt://127.0.0.1:8890 or srt://[::1]:8890");
        }
    }
}
