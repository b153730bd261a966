package io.millrace.relay.call;

import io.millrace.relay.net.EndpointDriver;
import io.millrace.relay.net.EventLoops;
import io.millrace.relay.net.LoopClock;
import io.millrace.relay.net.LoopExecutor;
import io.millrace.relay.net.UdpSettings;
import io.millrace.relay.net.UdpSocket;
import io.millrace.relay.net.UdpTransport;
import io.millrace.srt.connection.ConnectionSettings;
import io.millrace.srt.connection.SrtConnection;
import io.millrace.srt.crypto.KeyEncryptionKey;
import io.millrace.srt.endpoint.EndpointEvent;
import io.millrace.srt.endpoint.EndpointSettings;
import io.millrace.srt.endpoint.SrtEndpoint;
import io.millrace.srt.handshake.KeyAgreement;
import io.vertx.core.Future;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A UDP socket on an event loop of its own, from which a program that does nothing else calls one server at a time. Its
 * methods block and are for the program's threads, not for the loop.
 */
public final class CallerSocket implements AutoCloseable {
    private static final long REPLY_SECONDS = 20;

    private final InetSocketAddress server;
    private final SrtUrl url;
    private final @Nullable Encryption encryption;
    private final SecureRandom random = new SecureRandom();
    private final EventLoops loops;
    private final UdpSocket socket;
    private final SrtEndpoint endpoint;
    private final EndpointDriver driver;

    /** The call that is being made or has become a connection; only on the loop. */
    private @Nullable Pending pending;

    private @Nullable CallLink link;

    private record Pending(Consumer<SrtConnection> attach, CompletableFuture<CallLink> linked) {}

    /**
     * Opens the socket and looks the host up.
     *
     * @throws IOException with a message for the user
     */
    public static CallerSocket open(SrtUrl url) throws IOException {
        Encryption encryption = url.encryption();
        InetSocketAddress server = url.resolve();
        EventLoops loops = EventLoops.start(new VertxOptions().setEventLoopPoolSize(1), true, builder -> builder);
        InetSocketAddress any =
                new InetSocketAddress(server.getAddress() instanceof Inet4Address ? "0.0.0.0" : "::", 0);
        try {
            UdpSocket socket =
                    await(new UdpTransport(UdpSettings.DEFAULT).bind(loops.all().get(0), any));
            return new CallerSocket(url, server, encryption, loops, socket);
        } catch (IOException | RuntimeException e) {
            await(loops.vertx().close());
            throw e;
        }
    }

    private CallerSocket(
            SrtUrl url, InetSocketAddress server, @Nullable Encryption encryption, EventLoops loops, UdpSocket socket)
            throws IOException {
        this.url = url;
        this.server = server;
        this.encryption = encryption;
        this.loops = loops;
        this.socket = socket;
        EndpointSettings callers = EndpointSettings.CALLER;
        EndpointSettings settings = new EndpointSettings(
                false,
                0,
                0,
                url.connectTimeoutMillis() * 1_000L,
                callers.mayCall(),
                callers.handshakeLimits(),
                callers.mayForward());
        endpoint = new SrtEndpoint(settings, random, () -> random.nextInt(1, 0x4000_0000));
        driver = new EndpointDriver(socket, endpoint, this::onEvent);
        on(() -> {
            driver.start();
            return Future.succeededFuture();
        });
    }

    /** Whom it calls. */
    public InetSocketAddress server() {
        return server;
    }

    /** Whether its calls are encrypted. */
    public boolean isEncrypted() {
        return encryption != null;
    }

    /**
     * Calls, and waits for the answer.
     *
     * @param attach gives the new connection what it receives into or sends from; called on the loop
     * @throws CallFailedException if the server refuses or doesn't answer
     * @throws IOException if nothing can be sent at all
     */
    public CallLink call(Consumer<SrtConnection> attach) throws CallFailedException, IOException {
        KeyAgreement keys = encryption == null ? KeyAgreement.Clear.CLEAR : encryption.newKeys(random);
        CompletableFuture<CallLink> linked = new CompletableFuture<>();
        on(() -> {
            pending = new Pending(attach, linked);
            endpoint.connect(
                    LoopClock.nowMicros(),
                    server,
                    ConnectionSettings.DEFAULT.withLatency(url.latencyMillis(), url.latencyMillis()),
                    url.streamId(),
                    keys,
                    true);
            driver.wake();
            return Future.succeededFuture();
        });
        return awaitLink(linked);
    }

    private CallLink awaitLink(CompletableFuture<CallLink> linked) throws CallFailedException, IOException {
        try {
            return linked.get(
                    url.connectTimeoutMillis() + TimeUnit.SECONDS.toMillis(REPLY_SECONDS), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof CallFailedException failed) {
                throw failed;
            }
            throw new IOException(String.valueOf(e.getCause()), e);
        } catch (TimeoutException e) {
            throw tooBusy(e);
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    /** Says farewell to the server and closes the socket. */
    @Override
    public void close() throws IOException {
        on(() -> {
            endpoint.closeAll(LoopClock.nowMicros());
            return driver.close();
        });
        await(loops.vertx().close());
    }

    LoopExecutor loop() {
        return socket.loop();
    }

    /** On the loop: has what the connection was given sent. */
    void wake(SrtConnection connection) {
        endpoint.wake(connection);
        driver.wake();
    }

    /** On the loop. */
    void hangUp(SrtConnection connection) {
        endpoint.close(LoopClock.nowMicros(), connection);
        driver.wake();
    }

    /** Does something on the loop and waits for its end. */
    <T> T on(Supplier<Future<T>> action) throws IOException {
        CompletableFuture<T> done = new CompletableFuture<>();
        loop().execute(() -> {
            try {
                action.get().onComplete(done::complete, done::completeExceptionally);
            } catch (RuntimeException e) {
                done.completeExceptionally(e);
            }
        });
        return await(done);
    }

    private void onEvent(EndpointEvent event) {
        if (event instanceof EndpointEvent.Connected opened) {
            Pending call = pending;
            if (call != null) {
                call.attach().accept(opened.connection());
                CallLink opening = new CallLink(this, opened.connection());
                link = opening;
                call.linked().complete(opening);
            }
        } else if (event instanceof EndpointEvent.ConnectFailed failed) {
            if (pending != null) {
                pending.linked().completeExceptionally(new CallFailedException(failed));
            }
        } else if (event instanceof EndpointEvent.KeyMaterialArrived arrived) {
            rekey(arrived);
        } else if (event instanceof EndpointEvent.Closed closed) {
            if (link != null) {
                link.closed(closed.reason());
            }
        }
    }

    private void rekey(EndpointEvent.KeyMaterialArrived arrived) {
        if (encryption != null) {
            loop().context()
                    .executeBlocking(() -> KeyEncryptionKey.derive(encryption.passphrase(), arrived.material()))
                    .onSuccess(kek -> {
                        endpoint.rekey(arrived.connection(), kek);
                        driver.wake();
                    });
        }
    }

    private static <T> T await(Future<T> future) throws IOException {
        return await(future.toCompletionStage().toCompletableFuture());
    }

    private static <T> T await(CompletableFuture<T> future) throws IOException {
        try {
            return future.get(REPLY_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException failure
                    ? failure
                    : new IOException(String.valueOf(e.getCause()), e);
        } catch (TimeoutException e) {
            throw tooBusy(e);
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    private static IOException tooBusy(TimeoutException e) {
        return new IOException(
                "the event loop did not answer within " + REPLY_SECONDS + " s: the machine is too busy", e);
    }

    private static InterruptedIOException interrupted() {
        Thread.currentThread().interrupt();
        return new InterruptedIOException("interrupted");
    }
}
