package io.millrace.relay.net;

import static io.millrace.relay.net.Awaiting.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EventLoopsTest {
    private final List<EventLoops> started = new ArrayList<>();

    @AfterEach
    void close() {
        started.forEach(loops -> await(loops.vertx().close()));
    }

    @ParameterizedTest
    @EnumSource(TransportKind.class)
    void numbersAsManyLoopsAsWereAskedFor(TransportKind kind) {
        EventLoops loops = start(kind, 3);
        assertThat(loops.all()).extracting(LoopExecutor::index).containsExactly(0, 1, 2);
        assertThat(loops.all()).extracting(LoopExecutor::eventLoop).doesNotHaveDuplicates();
        assertThat(loops.isNative()).isEqualTo(kind == TransportKind.EPOLL);
    }

    @Test
    void aTaskRunsOnItsLoopAndInItsContext() throws Exception {
        for (LoopExecutor loop : start(TransportKind.NIO, 2).all()) {
            var context = new CompletableFuture<Context>();
            var inLoop = new CompletableFuture<Boolean>();
            loop.execute(() -> {
                context.complete(Vertx.currentContext());
                inLoop.complete(loop.inLoop());
            });
            assertThat(context.get(5, TimeUnit.SECONDS)).isSameAs(loop.context());
            assertThat(inLoop.get(5, TimeUnit.SECONDS)).isTrue();
            assertThat(loop.inLoop()).isFalse();
        }
    }

    @Test
    void aVerticleFindsTheLoopThatItRunsOn() throws Exception {
        EventLoops loops = start(TransportKind.NIO, 2);
        var found = new CompletableFuture<LoopExecutor>();
        var verticle = new VerticleBase() {
            @Override
            public Future<?> start() {
                LoopExecutor loop = loops.of(context);
                assertThat(loop.inLoop()).isTrue();
                found.complete(loop);
                return Future.succeededFuture();
            }
        };
        await(loops.vertx().deployVerticle(verticle));
        LoopExecutor loop = found.get(5, TimeUnit.SECONDS);
        assertThat(loop.eventLoop()).isSameAs(loops.all().get(loop.index()).eventLoop());
    }

    @Test
    void aContextOfAnotherVertxIsRefused() {
        EventLoops loops = start(TransportKind.NIO, 1);
        EventLoops others = start(TransportKind.NIO, 1);
        assertThatThrownBy(() -> loops.of(others.all().get(0).context())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void tasksMayNotKeepALoopFromItsSocketsForLong() {
        start(TransportKind.NIO, 1);
        assertThat(System.getProperty("io.netty.eventLoop.maxTaskProcessingQuantumMs"))
                .isEqualTo("5");
    }

    private EventLoops start(TransportKind kind, int count) {
        EventLoops loops = kind.start(count);
        started.add(loops);
        return loops;
    }
}
