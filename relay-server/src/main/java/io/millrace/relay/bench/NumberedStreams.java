package io.millrace.relay.bench;

import io.millrace.relay.net.EventLoops;
import io.millrace.relay.net.LoopExecutor;
import io.millrace.relay.net.UdpSettings;
import io.millrace.relay.net.UdpSocket;
import io.millrace.relay.net.UdpTransport;
import io.vertx.core.Future;
import io.vertx.core.VertxOptions;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Publishers and viewers that call again when their connections end, on one event loop. Its methods block and are for the
 * program's threads, not for the loop.
 */
@SuppressWarnings("try") // closing awaits the loop, and is only done where that may be interrupted
final class NumberedStreams implements AutoCloseable {
    private final SecureRandom random = new SecureRandom();
    private final UdpTransport transport = new UdpTransport(UdpSettings.DEFAULT);
    private final EventLoops loops =
            EventLoops.start(new VertxOptions().setEventLoopPoolSize(1), true, builder -> builder);
    private final List<NumberedPublisher> publishers = new ArrayList<>();
    private final List<NumberedViewer> viewers = new ArrayList<>();

    /** @param servers that it calls in turn until one takes it */
    NumberedPublisher publish(List<InetSocketAddress> servers, String name, int stream, long bitsPerSecond)
            throws BenchException, InterruptedException {
        NumberedPublisher publisher =
                new NumberedPublisher(servers, "#!::r=" + name + ",m=publish", stream, bitsPerSecond, socket(), random);
        publishers.add(publisher);
        return onLoop(() -> {
            publisher.start();
            return publisher;
        });
    }

    NumberedViewer view(InetSocketAddress server, String name, int stream) throws BenchException, InterruptedException {
        NumberedViewer viewer = new NumberedViewer(server, "#!::r=" + name, stream, socket(), random);
        viewers.add(viewer);
        return onLoop(() -> {
            viewer.start();
            return viewer;
        });
    }

    NumberedPublisher.State state(NumberedPublisher publisher) throws BenchException, InterruptedException {
        return onLoop(publisher::state);
    }

    NumberedViewer.State state(NumberedViewer viewer) throws BenchException, InterruptedException {
        return onLoop(viewer::state);
    }

    void measureGap(NumberedViewer viewer) throws BenchException, InterruptedException {
        onLoop(() -> {
            viewer.measureGap();
            return viewer;
        });
    }

    /** Has all publishers make nothing more; their connections stay. */
    void rest() throws BenchException, InterruptedException {
        onLoop(() -> {
            publishers.forEach(NumberedPublisher::rest);
            return publishers;
        });
    }

    @Override
    public void close() throws BenchException, InterruptedException {
        for (NumberedViewer viewer : viewers) {
            LoopCalls.on(loop(), viewer::close);
        }
        for (NumberedPublisher publisher : publishers) {
            LoopCalls.on(loop(), publisher::close);
        }
        LoopCalls.await(loops.vertx().close());
    }

    private <T> T onLoop(Supplier<T> action) throws BenchException, InterruptedException {
        return LoopCalls.on(loop(), () -> Future.succeededFuture(action.get()));
    }

    private UdpSocket socket() throws BenchException, InterruptedException {
        return LoopCalls.await(transport.bind(loop(), new InetSocketAddress("0.0.0.0", 0)));
    }

    private LoopExecutor loop() {
        return loops.all().get(0);
    }
}
