package io.millrace.relay.console;

import java.net.URI;
import java.net.URISyntaxException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads where the API is; the path of a proxy may come before those of the API. */
final class ApiAddressConverter implements ITypeConverter<URI> {
    @Override
    public URI convert(String text) {
        try {
            URI uri = new URI(text.replaceAll("/+$", ""));
            boolean http = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
            if (http
                    && uri.getHost() != null
                    && uri.getUserInfo() == null
                    && uri.getQuery() == null
                    && uri.getFragment() == null) {
                return uri;
            }
        } catch (URISyntaxException e) {
            // As for any other text that is none.
        }
        throw new TypeConversionException("'" + PrintableText.of(text) + "' is not http://HOST:PORT, such as "
                + ApiOptions.DEFAULT_API + " or https://[2001:db8::1]:8443");
    }
}
