package io.millrace.relay.net;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.epoll.Epoll;
import io.vertx.core.VertxOptions;
import java.util.function.UnaryOperator;

/** The transports that every test of this package runs on. */
enum TransportKind {
    NIO,
    EPOLL;

    EventLoops start(int loops) {
        assumeTrue(this == NIO || Epoll.isAvailable(), "no epoll here");
        return EventLoops.start(
                new VertxOptions().setEventLoopPoolSize(loops), this == EPOLL, UnaryOperator.identity());
    }
}
