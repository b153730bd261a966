package io.millrace.relay.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.function.BiConsumer;

/** Hands on datagrams as they come. An exception of the receiver is a bug, and costs the datagram. */
final class DatagramHandler extends ChannelInboundHandlerAdapter {
    private final BiConsumer<InetSocketAddress, ByteBuffer> receiver;
    private final FaultLog faultLog = new FaultLog();

    DatagramHandler(BiConsumer<InetSocketAddress, ByteBuffer> receiver) {
        this.receiver = receiver;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        var datagram = (DatagramPacket) message;
        try {
            ByteBuf content = datagram.content();
            receiver.accept(
                    datagram.sender(), content.internalNioBuffer(content.readerIndex(), content.readableBytes()));
        } finally {
            datagram.release();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        // What the network says of datagrams that found nobody is no news: they are lost like others.
        if (!(cause instanceof IOException)) {
            faultLog.report(LoopClock.nowMicros(), "handling a datagram", cause);
        }
    }
}
