package io.millrace.relay.net;

import io.millrace.srt.packet.DatagramSink;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.DefaultChannelPromise;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.Errors.NativeIoException;
import io.netty.channel.unix.SegmentedDatagramPacket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The datagrams that one socket is about to send, written side by side into pooled blocks.
 *
 * <p>Consecutive datagrams for one peer form a <em>run</em> while their sizes are equal; a shorter one ends it. A run
 * leaves as one segmented send (GSO), which costs a third of single ones. A segmented send that fails for its size is
 * lost as if the network had lost it, and its peer gets single datagrams from then on.
 *
 * <p>A block belongs to this batch, which holds one reference; each run that was written holds another until Netty has
 * sent it. When ours is the only one left after a flush, the block is filled again from its beginning.
 */
final class DatagramBatch implements DatagramSink {
    private static final Logger LOG = LoggerFactory.getLogger(DatagramBatch.class);

    /** What every kernel with GSO takes (UDP_MAX_SEGMENTS). */
    static final int MAX_SEGMENTS = 64;

    /** What an IPv4 packet holds besides the IP and UDP headers, in bytes. */
    static final int MAX_SEND_BYTES = 65_507;

    /** Room for a packet to each of 190 subscribers: a second block costs an allocation in each pass. */
    private static final int BLOCK_BYTES = 256 << 10;

    private static final int MAX_UNSEGMENTED_PEERS = 4_096;

    /** Written to the socket in between, so that a full queue means a full socket and not a long batch. */
    private static final int FLUSH_BYTES = 512 << 10;

    // Linux errno values: the segment is above the MTU, the whole too long, the device without checksum offload.
    private static final int EINVAL = 22;
    private static final int EMSGSIZE = 90;
    private static final int EIO = 5;

    private final Channel channel;
    /** Past the pipeline, in which nothing looks at what is sent. */
    private final Channel.Unsafe unsafe;

    private final boolean segmentation;
    private final int maxRunBytes;
    private final UdpCounters counters;
    private final UnsegmentedPeers unsegmentedPeers = new UnsegmentedPeers(MAX_UNSEGMENTED_PEERS);
    private final ChannelFutureListener segmentedSendDone = done -> onSegmentedSendDone((SegmentedSend) done);

    private ByteBuf block = Unpooled.EMPTY_BUFFER;
    private ByteBuffer view = ByteBuffer.allocate(0);
    /** Where the next datagram begins in the block. */
    private int end;

    private boolean begun;
    private @Nullable InetSocketAddress recipient;

    private @Nullable InetSocketAddress runRecipient;
    private int runStart;
    private int runSegments;
    private int runSegmentBytes;
    private boolean runEnded;

    private int unflushedBytes;

    DatagramBatch(UdpSocket socket, UdpCounters counters) {
        this(socket.channel(), socket.segmentation(), MAX_SEND_BYTES, counters);
    }

    DatagramBatch(Channel channel, boolean segmentation, int maxRunBytes, UdpCounters counters) {
        this.channel = channel;
        unsafe = channel.unsafe();
        this.segmentation = segmentation;
        this.maxRunBytes = maxRunBytes;
        this.counters = counters;
    }

    /** A datagram that was begun and not ended is forgotten. */
    @Override
    public ByteBuffer begin(InetSocketAddress to, int maxLength) {
        if (maxLength > MAX_SEND_BYTES) {
            throw new IllegalArgumentException(maxLength + " bytes are more than a datagram holds");
        }
        if (end + maxLength > view.capacity()) {
            nextBlock();
        }
        recipient = to;
        begun = true;
        return view.limit(end + maxLength).position(end);
    }

    @Override
    public void end() {
        if (!begun) {
            throw new IllegalStateException("no datagram was begun");
        }
        begun = false;
        int length = view.position() - end;
        if (length <= 0) {
            return;
        }
        if (!channel.isWritable()) {
            counters.droppedOut++;
            return;
        }
        InetSocketAddress to = Objects.requireNonNull(recipient);
        if (!continuesRun(to, length)) {
            writeRun();
            runRecipient = to;
            runStart = end;
            runSegmentBytes = length;
            runEnded = !segmentation || unsegmentedPeers.contains(to);
        }
        runSegments++;
        runEnded |= length < runSegmentBytes;
        end += length;
        counters.datagramsOut++;
        counters.bytesOut += length;
    }

    /** Sends everything that was ended. */
    void flush() {
        writeRun();
        if (unflushedBytes > 0) {
            flushChannel();
        }
        if (block.refCnt() == 1) {
            end = 0;
        }
    }

    /** Gives the memory back. What was not flushed is forgotten; nothing may be begun afterwards. */
    void close() {
        begun = false;
        runSegments = 0;
        unflushedBytes = 0;
        block.release();
        block = Unpooled.EMPTY_BUFFER;
        view = ByteBuffer.allocate(0);
        end = 0;
    }

    @SuppressWarnings("ReferenceEquality") // nearly always the very same object, which is cheaper to see
    private boolean continuesRun(InetSocketAddress to, int length) {
        return runSegments > 0
                && !runEnded
                && length <= runSegmentBytes
                && runSegments < MAX_SEGMENTS
                && end + length - runStart <= maxRunBytes
                && (to == runRecipient || to.equals(runRecipient));
    }

    @SuppressWarnings("FutureReturnValueIgnored") // a failure comes by the promise, or by exceptionCaught
    private void writeRun() {
        if (runSegments == 0) {
            return;
        }
        InetSocketAddress to = Objects.requireNonNull(runRecipient);
        int runBytes = end - runStart;
        ByteBuf content = block.retainedSlice(runStart, runBytes);
        counters.sent(runSegments);
        if (runSegments == 1) {
            unsafe.write(new DatagramPacket(content, to), unsafe.voidPromise());
        } else {
            var done = new SegmentedSend(channel, to);
            done.addListener(segmentedSendDone);
            unsafe.write(new SegmentedDatagramPacket(content, runSegmentBytes, to), done);
        }
        runSegments = 0;
        runRecipient = null;
        unflushedBytes += runBytes;
        if (unflushedBytes >= FLUSH_BYTES) {
            flushChannel();
        }
    }

    private void flushChannel() {
        unflushedBytes = 0;
        unsafe.flush();
    }

    private void nextBlock() {
        writeRun();
        block.release();
        block = channel.alloc().directBuffer(BLOCK_BYTES, BLOCK_BYTES);
        view = block.nioBuffer(0, BLOCK_BYTES);
        end = 0;
    }

    private void onSegmentedSendDone(SegmentedSend send) {
        if (send.isSuccess()) {
            return;
        }
        counters.socketErrors++;
        if (isSizeError(send.cause()) && unsegmentedPeers.add(send.recipient)) {
            LOG.info("No segmented sends to {} any more: {}", send.recipient, String.valueOf(send.cause()));
        }
    }

    private static boolean isSizeError(@Nullable Throwable cause) {
        if (!(cause instanceof NativeIoException failure)) {
            return false;
        }
        int errno = -failure.expectedErr();
        return errno == EINVAL || errno == EMSGSIZE || errno == EIO;
    }

    /** Remembers for whom it was, which nothing in a failed write tells. */
    private static final class SegmentedSend extends DefaultChannelPromise {
        private final InetSocketAddress recipient;

        SegmentedSend(Channel channel, InetSocketAddress recipient) {
            super(channel);
            this.recipient = recipient;
        }
    }
}
