package io.millrace.srt.packet;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A sink that keeps what is written, and takes nothing that is no SRT packet or longer than announced. */
public final class WrittenPackets implements DatagramSink {
    private final ByteBuffer buffer = ByteBuffer.allocate(2048);
    private final List<ByteBuffer> packets = new ArrayList<>();
    private boolean open;

    /** Both ends of a reported or dropped range of sequence numbers. */
    public record Range(int first, int last) {}

    @Override
    public ByteBuffer begin(InetSocketAddress to, int maxLength) {
        if (open) {
            throw new IllegalStateException("the last datagram was not ended");
        }
        open = true;
        return buffer.clear().limit(maxLength);
    }

    @Override
    public void end() {
        open = false;
        ByteBuffer packet = ByteBuffer.wrap(Arrays.copyOf(buffer.array(), buffer.position()));
        if (PacketDecoder.check(packet) != null) {
            throw new IllegalStateException("not a packet: " + PacketDecoder.check(packet));
        }
        packets.add(packet);
    }

    /** What was written since the last call. */
    public List<ByteBuffer> take() {
        List<ByteBuffer> taken = List.copyOf(packets);
        packets.clear();
        return taken;
    }

    /** Whether this is a control packet of this type. */
    public static boolean is(ByteBuffer packet, ControlType type) {
        return PacketDecoder.isControl(packet) && ControlHeader.type(packet) == type;
    }

    /** Ranges of a NAK. */
    public static List<Range> losses(ByteBuffer nak) {
        List<Range> ranges = new ArrayList<>();
        LossList.forEach(nak, (first, last) -> ranges.add(new Range(first, last)));
        return ranges;
    }
}
