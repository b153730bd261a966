package io.millrace.relay.net;

import io.millrace.srt.endpoint.DatagramEndpoint;
import io.millrace.srt.endpoint.EndpointEvent;
import io.millrace.srt.endpoint.StraySink;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;
import io.vertx.core.Future;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Joins one {@link DatagramEndpoint} to one socket. After each input, where a burst of datagrams that were read together
 * is one, it makes a <em>pass</em>: hands the events on, lets the owner act, sends what is ready, and sets the timer.
 *
 * <p>Everything happens on the socket's event loop, and every method is to be called there. The owner's callbacks run
 * within a Vert.x dispatch on the loop's context, one for the whole pass. They must not block.
 *
 * <p>An exception of the core or the owner is a bug: it is logged and counted, costs the datagram or event that ran into
 * it, and the socket goes on.
 */
public final class EndpointDriver {
    private static final Logger LOG = LoggerFactory.getLogger(EndpointDriver.class);

    /** After a bug the core may ask for the same thing at once, again and again. */
    private static final long DELAY_AFTER_FAULT_MICROS = 10_000;

    /** After this long of sending the socket is read again: its buffer holds some milliseconds, and time is to be told. */
    private static final long MAX_DRAIN_MICROS = 2_000;

    /** A turn of a connection with much to send takes a tenth of a millisecond, or half of one without UDP GSO. */
    private static final int TURNS_PER_CLOCK_READING = 4;

    /** When hundreds of connections close at once, what their owner does about it must not keep the others waiting. */
    private static final int MAX_EVENTS_PER_PASS = 16;

    private final UdpSocket socket;
    private final DatagramEndpoint endpoint;
    private final Consumer<EndpointEvent> events;
    private final Runnable afterBurst;
    private final StraySink strays;
    private final UdpCounters counters;
    private final PassMeter meter;
    private final FaultLog faultLog = new FaultLog();
    private final DatagramBatch batch;
    private final LoopTimer timer;
    private final Runnable pass = this::pass;
    private final Runnable awake = this::onAwake;

    private boolean inBurst;
    private boolean inPass;
    private boolean wakeScheduled;
    private boolean closing;
    private boolean closed;
    private long faultsWhenArmed;

    public EndpointDriver(UdpSocket socket, DatagramEndpoint endpoint, Consumer<EndpointEvent> events) {
        this(socket, endpoint, events, () -> {}, StraySink.NONE);
    }

    /**
     * Drives nothing before {@link #start}.
     *
     * @param events receives the endpoint's events
     * @param afterBurst called in every pass after the events and before anything is sent: the place to give the
     *     connections what several events together amount to
     * @param strays is offered the datagrams that may be for other sockets
     */
    public EndpointDriver(
            UdpSocket socket,
            DatagramEndpoint endpoint,
            Consumer<EndpointEvent> events,
            Runnable afterBurst,
            StraySink strays) {
        this.socket = socket;
        this.endpoint = endpoint;
        this.events = events;
        this.afterBurst = afterBurst;
        this.strays = strays;
        counters = new UdpCounters(socket.loop().meter());
        meter = new PassMeter(socket.loop().meter(), counters);
        batch = new DatagramBatch(socket, counters);
        timer = new LoopTimer(socket.loop().eventLoop(), this::onTimer);
    }

    /** Begins to read. */
    public void start() {
        socket.channel().pipeline().addLast(new Handler());
        socket.channel().config().setAutoRead(true);
        runPass();
    }

    /**
     * Says that a connection of this endpoint was given something to do from outside. Any number of calls lead to one
     * pass, at the end of the burst or task that is running.
     */
    public void wake() {
        meter.wakes();
        if (closed || wakeScheduled || inBurst || inPass) {
            return;
        }
        wakeScheduled = true;
        socket.loop().eventLoop().execute(awake);
    }

    /** Input: a datagram that came to another socket. What it causes is sent at the end of the task that is running. */
    public void handleStray(InetSocketAddress from, ByteBuffer datagram) {
        if (closed) {
            return;
        }
        try {
            endpoint.handleDatagram(LoopClock.nowMicros(), from, datagram, StraySink.NONE);
        } catch (RuntimeException e) {
            onFault("handling a stray", e);
        }
        wake();
    }

    /** Counters since the start. */
    public UdpStatistics statistics() {
        return counters.snapshot(socket.receiveDrops());
    }

    /** Within a pass: when what led to it arrived, in microseconds of {@link LoopClock}. */
    public long arrivedMicros() {
        return meter.sinceMicros();
    }

    public UdpSocket socket() {
        return socket;
    }

    /** Sends what is ready, the farewells of closed connections for example, and closes the socket. */
    public Future<Void> close() {
        if (!closed) {
            closing = true;
            runPass();
            shutDown();
        }
        return socket.close();
    }

    private void shutDown() {
        if (!closed) {
            closed = true;
            timer.cancel();
            batch.close();
        }
    }

    private void onAwake() {
        wakeScheduled = false;
        runPass();
    }

    private void onTimer() {
        if (closed) {
            return;
        }
        long nowMicros = LoopClock.nowMicros();
        try {
            if (endpoint.nextTimeoutMicros() <= nowMicros) {
                endpoint.handleTimeout(nowMicros);
            }
        } catch (RuntimeException e) {
            onFault("handling a timeout", e);
        }
        runPass();
    }

    private void runPass() {
        if (!closed) {
            socket.loop().dispatch(pass);
        }
    }

    private void pass() {
        inPass = true;
        meter.handles(LoopClock.nowMicros());
        boolean moreEvents = handEventsOn();
        letOwnerAct();
        // Whoever wakes us from here on may come too late for what follows.
        inPass = false;
        if (closed) {
            return;
        }
        long nowMicros = LoopClock.nowMicros();
        meter.sends(nowMicros);
        boolean more = drain(nowMicros);
        meter.ends(LoopClock.nowMicros(), more);
        if ((more || moreEvents) && !wakeScheduled) {
            wakeScheduled = true;
            socket.loop().executeAfterNextIo(awake);
        }
        arm(nowMicros);
    }

    /** Returns whether there may be more, for another pass. */
    private boolean handEventsOn() {
        try {
            for (int i = 0; i < MAX_EVENTS_PER_PASS || closing; i++) {
                EndpointEvent event = closed ? null : endpoint.pollEvent();
                if (event == null) {
                    return false;
                }
                handOn(event);
            }
            return true;
        } catch (RuntimeException e) {
            onFault("polling events", e);
            return false;
        }
    }

    private void handOn(EndpointEvent event) {
        try {
            events.accept(event);
        } catch (RuntimeException e) {
            onFault("handling an event", e);
        }
    }

    private void letOwnerAct() {
        try {
            afterBurst.run();
        } catch (RuntimeException e) {
            onFault("running the owner's hook after a burst", e);
        }
    }

    /** Returns whether there is more, which is sent in another pass. */
    private boolean drain(long nowMicros) {
        boolean more = false;
        try {
            more = endpoint.drain(nowMicros, batch, TURNS_PER_CLOCK_READING);
            while (more && LoopClock.nowMicros() - nowMicros < MAX_DRAIN_MICROS) {
                more = endpoint.drain(LoopClock.nowMicros(), batch, TURNS_PER_CLOCK_READING);
            }
        } catch (RuntimeException e) {
            onFault("sending", e);
        }
        batch.flush();
        return more;
    }

    private void arm(long nowMicros) {
        long deadlineMicros = Long.MAX_VALUE;
        try {
            deadlineMicros = endpoint.nextTimeoutMicros();
        } catch (RuntimeException e) {
            onFault("asking for the next timeout", e);
        }
        if (counters.faults > faultsWhenArmed) {
            faultsWhenArmed = counters.faults;
            // Late for a deadline that stands, but a bug must not make the loop spin, nor stop the endpoint's time.
            deadlineMicros = nowMicros + DELAY_AFTER_FAULT_MICROS;
        }
        timer.arm(deadlineMicros, nowMicros);
    }

    private void onFault(String doing, Throwable fault) {
        counters.faults++;
        faultLog.report(LoopClock.nowMicros(), doing, fault);
    }

    private final class Handler extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            var datagram = (DatagramPacket) message;
            try {
                if (closed) {
                    return;
                }
                inBurst = true;
                long nowMicros = LoopClock.nowMicros();
                meter.reads(nowMicros);
                ByteBuf content = datagram.content();
                int length = content.readableBytes();
                counters.datagramsIn++;
                counters.bytesIn += length;
                endpoint.handleDatagram(
                        nowMicros, datagram.sender(), content.internalNioBuffer(content.readerIndex(), length), strays);
            } catch (RuntimeException e) {
                onFault("handling a datagram", e);
            } finally {
                datagram.release();
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            if (inBurst) {
                inBurst = false;
                runPass();
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            shutDown();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            if (!(cause instanceof IOException)) {
                onFault("working on a socket", cause);
            } else if (!closed) {
                counters.socketErrors++;
                LOG.debug("{}: {}", socket.localAddress(), String.valueOf(cause.getMessage()));
            }
        }
    }
}
