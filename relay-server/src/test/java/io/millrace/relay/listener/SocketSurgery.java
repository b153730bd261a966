package io.millrace.relay.listener;

import io.vertx.core.Future;
import java.net.InetSocketAddress;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Opens and closes the sockets of a running listener, on one of its loops, and makes up socket IDs that look like its own. */
public final class SocketSurgery {
    private final LoopSockets sockets;
    private final InetSocketAddress local;

    private SocketSurgery(ListenerVerticle listener, InetSocketAddress local) {
        sockets = Objects.requireNonNull(listener.sockets());
        this.local = local;
    }

    /** On each loop of the first listener, in their order. */
    public static List<SocketSurgery> onLoops(ListenerSupervisor listeners, InetSocketAddress local) {
        return listeners.onLoops(0).stream()
                .map(onLoop -> new SocketSurgery(onLoop, local))
                .sorted(Comparator.comparingInt(SocketSurgery::loop))
                .toList();
    }

    /** Number of the loop. */
    public int loop() {
        return sockets.loop().index();
    }

    /** Opens one socket more on the loop. */
    public void open() {
        onLoop(() -> sockets.open(local));
    }

    /** Closes the loop's sockets. */
    public void close() {
        onLoop(() -> sockets.close(local.getAddress()));
    }

    /** Keeps the loop from everything else until the latch is open. */
    public void block(CountDownLatch release) {
        sockets.loop().execute(() -> {
            try {
                release.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /** A random ID that this loop would have to know. */
    public int socketId(Random random) {
        int id;
        do {
            id = random.nextInt(1, 0x4000_0000);
        } while (sockets.loops().loopOf(id) != loop());
        return id;
    }

    private void onLoop(Supplier<Future<?>> surgery) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        sockets.loop()
                .execute(() -> surgery.get().onComplete(outcome -> {
                    if (outcome.succeeded()) {
                        done.complete(null);
                    } else {
                        done.completeExceptionally(outcome.cause());
                    }
                }));
        done.orTimeout(10, TimeUnit.SECONDS).join();
    }
}
