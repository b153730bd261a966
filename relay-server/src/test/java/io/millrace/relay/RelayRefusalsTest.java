package io.millrace.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whom a relay turns away, and the code on the wire (the code of libsrt's API + 1000) that tells the caller why. */
@Timeout(60)
class RelayRefusalsTest {
    private final List<TestRelay> relays = new ArrayList<>();

    @AfterEach
    void stop() {
        relays.forEach(TestRelay::close);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nobody publishes it | #!::r=live                   | 2404",
                "a plain name        | live                         | 2404",
                "both directions     | #!::r=live,m=bidirectional   | 2405",
                "a file              | #!::r=live,t=file            | 2415",
                "no stream id        | ''                           | 2400"
            })
    void callerIsRefusedForItsStreamId(String why, String streamId, int type) {
        assertThat(start().call(streamId).refusal()).as(why).isEqualTo(type);
    }

    @Test
    void callerOfFileModeIsRefused() throws Exception {
        TestRelay relay = start();

        assertThat(new RawHandshake().streamId("live").fileCongestionControl().answerOf(relay.listener()))
                .isEqualTo(1013);
        assertThat(new RawHandshake().streamId("live").streamApi().answerOf(relay.listener()))
                .isEqualTo(1012);
    }

    @Test
    void callerWhoseKeyMaterialIsNoneIsRefused() throws Exception {
        TestRelay relay = start("listeners[0].passphrase=correct horse");

        assertThat(new RawHandshake().streamId("live").brokenKeyMaterial().answerOf(relay.listener()))
                .isEqualTo(1004);
    }

    @Test
    void secondPublisherIsRefusedWhileTheFirstDelivers() {
        TestRelay relay = start("srt.latencyMillis=3000");
        TestCall first = relay.publish("live").opened();
        TestCall subscriber = relay.request("live").opened();
        first.publish("first", 0, 4);
        subscriber.received(5);

        assertThat(relay.publish("live").refusal()).isEqualTo(2409);

        first.publish("first", 5, 9);
        assertThat(subscriber.received(10)).hasSize(10);
        assertThat(first.isOpen()).isTrue();
    }

    @Test
    void connectionsAreLimited() {
        TestRelay relay = start("limits.connections=2");
        relay.publish("live").opened();
        TestCall subscriber = relay.request("live").opened();

        assertThat(relay.request("live").refusal()).isEqualTo(2402);
        assertThat(relay.request("missing").refusal()).isEqualTo(2402);

        subscriber.hangUp();
        relay.awaitConnections(1);
        assertThat(relay.request("missing").refusal()).isEqualTo(2404);
        relay.request("live").opened();
    }

    @Test
    void publishersAreLimited() {
        TestRelay relay = start("limits.publishers=1");
        TestCall first = relay.publish("one").opened();

        assertThat(relay.publish("two").refusal()).isEqualTo(2402);
        assertThat(relay.streams()).hasSize(1);

        first.hangUp();
        await().atMost(Duration.ofSeconds(10)).until(() -> relay.streams().isEmpty());
        relay.publish("two").opened();
    }

    @Test
    void subscribersOfAStreamAreLimited() {
        TestRelay relay = start("limits.subscribersPerStream=1");
        relay.publish("one").opened();
        relay.publish("two").opened();
        TestCall subscriber = relay.request("one").opened();

        assertThat(relay.request("one").refusal()).isEqualTo(2402);
        relay.request("two").opened();

        subscriber.hangUp();
        relay.awaitStream("one", stream -> stream.getInteger("subscribers") == 0);
        relay.request("one").opened();
    }

    private TestRelay start(String... settings) {
        TestRelay relay = TestRelay.start(settings);
        relays.add(relay);
        return relay;
    }
}
