package io.millrace.relay.net;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.vertx.core.impl.transports.EpollTransport;
import io.vertx.core.impl.transports.NioTransport;
import io.vertx.core.impl.transports.TransportInternal;
import io.vertx.core.transport.Transport;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/** Vert.x's transports, on event loops that measure themselves. */
final class MeteredTransport {
    static final Transport EPOLL = new TransportInternal("epoll", true, null, new Epoll());
    static final Transport NIO = new TransportInternal("nio", true, null, new Nio());

    private MeteredTransport() {}

    private static final class Epoll extends EpollTransport {
        @Override
        public EventLoopGroup eventLoopGroup(int type, int count, ThreadFactory threads, int ioRatio) {
            return new Group(count, threads, ioHandlerFactory());
        }
    }

    private static final class Nio extends NioTransport {
        @Override
        public EventLoopGroup eventLoopGroup(int type, int count, ThreadFactory threads, int ioRatio) {
            return new Group(count, threads, ioHandlerFactory());
        }
    }

    private static final class Group extends MultiThreadIoEventLoopGroup {
        Group(int count, ThreadFactory threads, IoHandlerFactory ioHandlerFactory) {
            // As an argument: the loops are made before this class has fields.
            super(count, threads, ioHandlerFactory, new AtomicInteger());
        }

        @Override
        protected IoEventLoop newChild(Executor executor, IoHandlerFactory ioHandlerFactory, Object... args) {
            int index = ((AtomicInteger) args[0]).getAndIncrement();
            return new MeteredEventLoop(this, executor, ioHandlerFactory, index);
        }
    }
}
