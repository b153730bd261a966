package io.millrace.relay.config;

import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;

/** An address that the relay calls, as the configuration gives it. */
final class HttpUrl {
    private static final String ALLOWED = "an http or https URL without user, password and fragment, or null";
    private static final TextForm FORM =
            TextForm.of("[Hh][Tt][Tt][Pp][Ss]?://[^#\\s]+", ALLOWED).where(HttpUrl::isValid);

    private HttpUrl() {}

    /** Null by default. */
    static @Nullable URI bind(Section keys, String key) {
        String text = keys.optionalText(key, FORM);
        URI url = text == null ? null : URI.create(text);
        if (url != null && url.getRawUserInfo() != null) {
            keys.refuse(key, url.getScheme() + "://***@" + url.getHost(), ALLOWED);
            return null;
        }
        return url;
    }

    private static boolean isValid(String text) {
        try {
            URI url = new URI(text);
            return ("http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme()))
                    && url.getHost() != null
                    && url.getPort() <= 65_535
                    && url.getPort() != 0
                    && url.getRawFragment() == null;
        } catch (URISyntaxException e) {
            return false;
        }
    }
}
