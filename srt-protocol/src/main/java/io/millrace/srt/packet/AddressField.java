package io.millrace.srt.packet;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;

/**
 * The peer address of a handshake: 16 bytes, each group of four reversed, an IPv4 address in the first group. The draft
 * is silent about the order; this is what peers send.
 *
 * @param first first word as on the wire, and so on
 */
public record AddressField(int first, int second, int third, int fourth) {
    /** The field for this address. */
    public static AddressField of(InetAddress address) {
        ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
        if (address instanceof Inet4Address) {
            return new AddressField(Integer.reverseBytes(bytes.getInt()), 0, 0, 0);
        }
        return new AddressField(
                Integer.reverseBytes(bytes.getInt()),
                Integer.reverseBytes(bytes.getInt()),
                Integer.reverseBytes(bytes.getInt()),
                Integer.reverseBytes(bytes.getInt()));
    }

    void write(ByteBuffer to) {
        to.putInt(first).putInt(second).putInt(third).putInt(fourth);
    }
}
