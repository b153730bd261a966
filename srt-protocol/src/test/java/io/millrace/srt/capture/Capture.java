package io.millrace.srt.capture;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/**
 * The UDP datagrams of a classic pcap file: Ethernet frames with whole IPv4 or IPv6 packets. Anything else in the file is
 * an error and not skipped, so that a test can't pass for want of packets.
 */
public final class Capture {
    private static final String FOLDER = "/captures/";
    private static final String SUFFIX = ".pcap.gz";

    private static final int FILE_HEADER = 24;
    private static final int MAGIC_MICROS = 0xA1B2C3D4;
    private static final int LINK_ETHERNET = 1;

    private static final int ETHERNET_HEADER = 14;
    private static final int IPV4 = 0x0800;
    private static final int IPV6 = 0x86DD;
    private static final int UDP = 17;
    private static final int UDP_HEADER = 8;

    private Capture() {}

    /** Names of all captures among the test resources. */
    public static List<String> names() {
        try (Stream<Path> files =
                Files.list(Path.of(Capture.class.getResource(FOLDER).toURI()))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(SUFFIX))
                    .map(file -> file.substring(0, file.length() - SUFFIX.length()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The datagrams of the capture of this name; the part before the first dash is enough. */
    public static List<CapturedDatagram> load(String name) {
        String file = names().stream()
                .filter(each -> each.equals(name) || each.startsWith(name + "-"))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no capture " + name));
        try (InputStream in = new GZIPInputStream(Capture.class.getResourceAsStream(FOLDER + file + SUFFIX))) {
            return parse(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The datagrams of a pcap file with these bytes. */
    static List<CapturedDatagram> parse(byte[] pcap) {
        ByteBuffer file = ByteBuffer.wrap(pcap);
        if (file.getInt(0) != MAGIC_MICROS) {
            file.order(ByteOrder.LITTLE_ENDIAN);
        }
        require(file.getInt(0) == MAGIC_MICROS, "magic", file.getInt(0));
        require(file.getInt(20) == LINK_ETHERNET, "link type", file.getInt(20));
        file.position(FILE_HEADER);
        List<CapturedDatagram> datagrams = new ArrayList<>();
        while (file.hasRemaining()) {
            long micros = Integer.toUnsignedLong(file.getInt()) * 1_000_000 + file.getInt();
            int captured = file.getInt();
            int length = file.getInt();
            require(captured == length, "truncated frame of length", length);
            ByteBuffer frame = file.slice(file.position(), captured);
            file.position(file.position() + captured);
            datagrams.add(datagram(datagrams.size() + 1, micros, frame));
        }
        return datagrams;
    }

    private static CapturedDatagram datagram(int number, long micros, ByteBuffer frame) {
        int etherType = frame.getShort(ETHERNET_HEADER - 2) & 0xFFFF;
        int protocol;
        int addresses;
        int addressLength;
        int udp;
        switch (etherType) {
            case IPV4 -> {
                int fragment = frame.getShort(ETHERNET_HEADER + 6) & 0x3FFF;
                require(fragment == 0, "fragment", fragment);
                protocol = frame.get(ETHERNET_HEADER + 9);
                addresses = ETHERNET_HEADER + 12;
                addressLength = 4;
                udp = ETHERNET_HEADER + 4 * (frame.get(ETHERNET_HEADER) & 0xF);
            }
            case IPV6 -> {
                protocol = frame.get(ETHERNET_HEADER + 6);
                addresses = ETHERNET_HEADER + 8;
                addressLength = 16;
                udp = ETHERNET_HEADER + 40;
            }
            default -> throw new IllegalArgumentException("ether type " + Integer.toHexString(etherType));
        }
        require(protocol == UDP, "protocol", protocol);
        // Not from the frame's end: a short frame is padded to Ethernet's least length.
        int length = frame.getShort(udp + 4) & 0xFFFF;
        return new CapturedDatagram(
                number,
                micros,
                address(frame, addresses, addressLength, udp),
                address(frame, addresses + addressLength, addressLength, udp + 2),
                frame.duplicate().position(udp + UDP_HEADER).limit(udp + length).asReadOnlyBuffer());
    }

    private static InetSocketAddress address(ByteBuffer frame, int at, int length, int portAt) {
        byte[] address = new byte[length];
        frame.get(at, address);
        try {
            return new InetSocketAddress(InetAddress.getByAddress(address), frame.getShort(portAt) & 0xFFFF);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of 4 or 16 bytes", e);
        }
    }

    private static void require(boolean condition, String what, int value) {
        if (!condition) {
            throw new IllegalArgumentException("not understood: " + what + " 0x" + Integer.toHexString(value));
        }
    }
}
