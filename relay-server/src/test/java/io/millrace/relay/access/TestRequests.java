package io.millrace.relay.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/** What callers ask for, and what becomes of it. */
final class TestRequests {
    private TestRequests() {}

    static AccessRequest request(String streamId) {
        ParsedStreamId parsed = StreamRequest.parse(streamId, null);
        assertThat(parsed).as(streamId).isInstanceOf(StreamRequest.class);
        return new AccessRequest(
                "main",
                (StreamRequest) parsed,
                new InetSocketAddress("192.0.2.1", 40_000),
                new InetSocketAddress("192.0.2.2", 8890),
                false,
                "1.5.5");
    }

    /** With a secret that may be longer than a stream id. */
    static AccessRequest withSecret(AccessRequest request, String secret) {
        StreamRequest asked = request.request();
        return new AccessRequest(
                request.listener(),
                new StreamRequest(asked.stream(), asked.mode(), asked.user(), asked.host(), secret, asked.keys()),
                request.peer(),
                request.local(),
                request.encrypted(),
                request.srtVersion());
    }

    static AccessDecision decision(AccessSource source, String streamId) {
        return await(source.decide(request(streamId)));
    }

    static <T> T await(Future<T> future) {
        return future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
    }
}
