package io.millrace.relay.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** IP addresses as text. Tells them from host names without asking a name server. */
public final class IpLiteral {
    private static final String BYTE = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
    private static final Pattern IPV4 = Pattern.compile(BYTE + "(\\." + BYTE + "){3}");

    /** What can only be an IPv6 address: with a colon in it the JDK never looks a name up. */
    private static final Pattern IPV6_CHARACTERS =
            Pattern.compile("[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*(%[0-9A-Za-z._-]{1,32})?");

    static final TextForm FORM = TextForm.of(
                    IPV4.pattern() + "|" + IPV6_CHARACTERS.pattern(),
                    "an IP address such as 0.0.0.0, \"::\" or 192.0.2.7")
            .where(IpLiteral::isValid);

    private IpLiteral() {}

    static boolean isValid(String text) {
        return IPV4.matcher(text).matches() || isIpv6(text);
    }

    /** The address that the text is; null if it is none, but a name for example. */
    public static @Nullable InetAddress address(String text) {
        if (!isValid(text)) {
            return null;
        }
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            return null;
        }
    }

    private static boolean isIpv6(String text) {
        if (text.length() > 80 || !IPV6_CHARACTERS.matcher(text).matches()) {
            return false;
        }
        try {
            // Also an unknown scope (the part behind the percent sign) ends up in the exception.
            return InetAddress.getByName(text).getHostAddress() != null;
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /** The text of an address in its shortest form, RFC 5952: {@code 192.0.2.7} or {@code 2001:db8::7}. */
    public static String shortest(InetAddress address) {
        String full = address.getHostAddress();
        if (full.indexOf(':') < 0) {
            return full;
        }
        // With the colons around it, so that a run at the start or the end is no special case. The first of the
        // longest.
        String framed = ":" + full + ":";
        for (int zeros = 8; zeros >= 2; zeros--) {
            String run = ":0".repeat(zeros) + ":";
            int at = framed.indexOf(run);
            if (at >= 0) {
                return framed.substring(Math.min(1, at), at) + "::" + withoutLast(framed, at + run.length());
            }
        }
        return full;
    }

    private static String withoutLast(String framed, int from) {
        return framed.substring(from, Math.max(from, framed.length() - 1));
    }
}
