package io.millrace.relay.net;

import io.netty.channel.unix.Errors.NativeIoException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A UDP port that could not be opened, and why in words for its operator. */
public final class UdpBindException extends IOException {
    // Linux errno values, which Netty's native transport reports negated.
    private static final int EACCES = 13;
    private static final int EADDRINUSE = 98;
    private static final int EADDRNOTAVAIL = 99;

    /** Why. */
    public enum Reason {
        IN_USE("already in use"),
        NOT_LOCAL("address not on this machine"),
        UNKNOWN_HOST("host name not known"),
        DENIED("permission denied"),
        OTHER("can't be opened");

        private final String text;

        Reason(String text) {
            this.text = text;
        }
    }

    private final transient InetSocketAddress address;
    private final Reason reason;

    private UdpBindException(InetSocketAddress address, Reason reason, @Nullable Throwable cause) {
        super(message(address, reason, cause), cause);
        this.address = address;
        this.reason = reason;
    }

    static UdpBindException of(InetSocketAddress address, Throwable cause) {
        return new UdpBindException(address, reason(address, cause), cause);
    }

    static UdpBindException unknownHost(InetSocketAddress address) {
        return new UdpBindException(address, Reason.UNKNOWN_HOST, null);
    }

    /** What was to be opened. */
    public InetSocketAddress address() {
        return address;
    }

    public Reason reason() {
        return reason;
    }

    private static String message(InetSocketAddress address, Reason reason, @Nullable Throwable cause) {
        String host = address.isUnresolved()
                ? address.getHostString()
                : address.getAddress().getHostAddress();
        String bracketed = host.contains(":") ? "[" + host + "]" : host;
        String detail = reason == Reason.OTHER && cause != null ? " (" + cause.getMessage() + ")" : "";
        return "UDP port " + bracketed + ":" + address.getPort() + " " + reason.text + detail;
    }

    private static Reason reason(InetSocketAddress address, Throwable cause) {
        if (cause instanceof NativeIoException failure) {
            return switch (-failure.expectedErr()) {
                case EADDRINUSE -> Reason.IN_USE;
                case EADDRNOTAVAIL -> Reason.NOT_LOCAL;
                case EACCES -> Reason.DENIED;
                default -> Reason.OTHER;
            };
        }
        // The JDK keeps the error number to itself, and its text is the C library's.
        String text = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
        if (text.contains("in use")) {
            return Reason.IN_USE;
        }
        if (text.contains("denied")) {
            return Reason.DENIED;
        }
        return isLocal(address) ? Reason.OTHER : Reason.NOT_LOCAL;
    }

    private static boolean isLocal(InetSocketAddress address) {
        try {
            return address.getAddress().isAnyLocalAddress()
                    || NetworkInterface.getByInetAddress(address.getAddress()) != null;
        } catch (SocketException e) {
            return true;
        }
    }
}
