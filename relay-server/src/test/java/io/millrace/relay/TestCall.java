package io.millrace.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.awaitility.Awaitility.await;

import io.millrace.srt.connection.CloseReason;
import io.millrace.srt.connection.SrtConnection;
import io.millrace.srt.handshake.RejectReason;
import io.millrace.srt.receive.Delivery;
import io.millrace.srt.receive.PayloadReceiver;
import io.millrace.srt.send.SendBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** One call of a {@link TestCaller} and the connection that it leads to. */
public final class TestCall {
    private static final int PATIENCE_SECONDS = 10;

    private final TestCaller caller;
    private final String streamId;
    private final CompletableFuture<SrtConnection> connected = new CompletableFuture<>();
    private final CompletableFuture<Integer> refused = new CompletableFuture<>();
    private final CompletableFuture<CloseReason> closed = new CompletableFuture<>();

    private final SendBuffer sending = new SendBuffer(8192);
    private final List<Received> received = new ArrayList<>();

    /** A payload with its place among the sequence numbers of the connection, from 0. */
    record Received(long offset, byte[] payload) {}

    TestCall(TestCaller caller, String streamId) {
        this.caller = caller;
        this.streamId = streamId;
    }

    /** Waits until the connection is up. */
    public TestCall opened() {
        CompletableFuture.anyOf(connected, refused)
                .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .join();
        if (!connected.isDone()) {
            fail("%s was refused: %d", streamId, refused.join());
        }
        return this;
    }

    /** Waits for the decision and returns the handshake type of the refusal; 0 if the connection is up. */
    public int refusedOrOpen() {
        CompletableFuture.anyOf(connected, refused)
                .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .join();
        return refused.getNow(0);
    }

    public boolean isOpen() {
        return connected.isDone() && !closed.isDone();
    }

    boolean isDecided() {
        return connected.isDone() || refused.isDone();
    }

    SrtConnection connection() {
        return opened().connected.join();
    }

    /** Waits for the refusal and returns the handshake type that it came with; 0 if no answer came at all. */
    int refusal() {
        CompletableFuture.anyOf(connected, refused)
                .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .join();
        assertThat(connected).as("%s should be refused", streamId).isNotDone();
        return refused.join();
    }

    /** Waits until the connection has ended. */
    public CloseReason ended() {
        return closed.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
    }

    /** Sends payloads. */
    public void publish(byte[]... payloads) {
        SrtConnection connection = connection();
        caller.execute(() -> {
            for (byte[] payload : payloads) {
                sending.append(TestCaller.nowMicros(), payload);
            }
            caller.endpoint().wake(connection);
        });
    }

    /** Sends payloads of text, each {@code prefix} and a number. */
    void publish(String prefix, int first, int last) {
        for (int i = first; i <= last; i++) {
            publish((prefix + i).getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Ends the connection; the other side is told. */
    public void hangUp() {
        SrtConnection connection = connection();
        caller.execute(() -> caller.endpoint().close(TestCaller.nowMicros(), connection));
    }

    /** Waits until so many payloads are there; in the order of their sequence numbers. */
    List<Received> received(int count) {
        return arrived(count).stream()
                .sorted(Comparator.comparingLong(Received::offset))
                .toList();
    }

    /** Waits until so many payloads are there; in the order in which they came. */
    List<Received> arrived(int count) {
        await().atMost(Duration.ofSeconds(PATIENCE_SECONDS))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> arrived().size() >= count);
        return arrived();
    }

    private List<Received> arrived() {
        synchronized (received) {
            return List.copyOf(received);
        }
    }

    /** Waits until so many payloads are there, and gives them as text in the order of their sequence numbers. */
    List<String> texts(int count) {
        return received(count).stream()
                .map(one -> new String(one.payload(), StandardCharsets.UTF_8))
                .toList();
    }

    void connected(SrtConnection connection) {
        connection.sendFrom(sending, 0, 0);
        connection.receiveInto(
                new PayloadReceiver() {
                    @Override
                    public void received(long offset, long originMicros, byte[] payload) {
                        synchronized (received) {
                            received.add(new Received(offset, payload));
                        }
                    }

                    @Override
                    public void settled(long offset) {}
                },
                Delivery.ON_ARRIVAL);
        connected.complete(connection);
    }

    void refused(RejectReason reason, int handshakeType) {
        refused.complete(handshakeType);
    }

    void closed(CloseReason reason) {
        closed.complete(reason);
    }
}
