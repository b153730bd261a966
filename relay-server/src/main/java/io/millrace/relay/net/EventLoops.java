package io.millrace.relay.net;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.EventExecutor;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.transport.Transport;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The event loops of the process: starts Vert.x with them and numbers them. Two ways lead to a loop: {@link #of} for a
 * verticle that lives where Vert.x put it, {@link #all} for an owner that wants to be on every loop exactly once.
 */
public final class EventLoops {
    private static final Logger LOG = LoggerFactory.getLogger(EventLoops.class);

    static {
        // Netty reads these when its classes are loaded. By default tasks may keep a loop from its sockets for a
        // second; a
        // datagram must not wait that long.
        setDefault("io.netty.eventLoop.maxTaskProcessingQuantumMs", "5");
        // By default one buffer of 128 gets a stack trace each time that it is touched, in search of a leak.
        setDefault("io.netty.leakDetection.level", "disabled");
    }

    private static void setDefault(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }

    private final VertxInternal vertx;
    private final List<LoopExecutor> all;

    private EventLoops(VertxInternal vertx) {
        this.vertx = vertx;
        List<LoopExecutor> loops = new ArrayList<>();
        for (EventExecutor executor : vertx.nettyEventLoopGroup()) {
            ContextInternal context =
                    vertx.contextBuilder().withEventLoop((EventLoop) executor).build();
            loops.add(new LoopExecutor(loops.size(), context));
            ((MeteredEventLoop) executor).startMeasuring();
        }
        all = List.copyOf(loops);
    }

    /**
     * Starts Vert.x. Must be called before anything else touches Netty.
     *
     * @param options their event loop pool size is the number of loops
     * @param preferNative epoll where its library loads, else the JDK's selector
     * @param more what else to build Vert.x with, metrics for example
     */
    public static EventLoops start(VertxOptions options, boolean preferNative, UnaryOperator<VertxBuilder> more) {
        VertxBuilder builder = Vertx.builder().with(options).withTransport(transport(preferNative));
        return new EventLoops((VertxInternal) more.apply(builder).build());
    }

    private static Transport transport(boolean preferNative) {
        // Not Transport.nativeTransport(): it may pick io_uring, which is slower for datagrams.
        Transport epoll = Transport.EPOLL;
        if (!preferNative) {
            return MeteredTransport.NIO;
        }
        if (epoll == null || !epoll.available()) {
            LOG.info(
                    "No native transport here, using the JDK's: {}",
                    epoll == null ? "not on the class path" : String.valueOf(epoll.unavailabilityCause()));
            return MeteredTransport.NIO;
        }
        return MeteredTransport.EPOLL;
    }

    public Vertx vertx() {
        return vertx;
    }

    public boolean isNative() {
        return vertx.isNativeTransportEnabled();
    }

    /** Every loop, each with a context of its own, in the order of their numbers. */
    public List<LoopExecutor> all() {
        return all;
    }

    /** Where the time of each loop goes, in the order of their numbers. Callable from any thread. */
    public List<LoopStatistics> statistics() {
        return all.stream().map(loop -> loop.meter().statistics()).toList();
    }

    /** What the loop's thread is doing at this moment. Callable from any thread. */
    StackTraceElement[] stackTrace(int loop) {
        return ((MeteredEventLoop) all.get(loop).eventLoop()).threadProperties().stackTrace();
    }

    /** The loop that runs a verticle, with the verticle's own context. */
    public LoopExecutor of(Context context) {
        ContextInternal verticle = (ContextInternal) context;
        for (LoopExecutor loop : all) {
            if (loop.eventLoop() == verticle.nettyEventLoop()) {
                return new LoopExecutor(loop.index(), verticle);
            }
        }
        throw new IllegalArgumentException("a context of another Vert.x");
    }
}
