package io.millrace.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.relay.access.WebhookServer;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a server is told of the connections of a running relay. */
@Timeout(60)
class RelayNotificationsTest {
    private final WebhookServer server = new WebhookServer();
    private TestRelay relay;

    private void start(String... settings) {
        relay = TestRelay.start(
                Stream.concat(Stream.of("access.notifications.url=" + server.url()), Stream.of(settings))
                        .toArray(String[]::new));
    }

    @AfterEach
    void stop() {
        if (relay != null) {
            relay.close();
        }
        server.close();
    }

    @Test
    void eventsOfAStreamAreToldInTheirOrder() throws Exception {
        start("listeners[0].name=studio");
        TestCall publisher = relay.call("#!::r=live,m=publish,u=anna").opened();
        TestCall subscriber = relay.request("live").opened();
        publisher.publish("payload ", 0, 9);
        subscriber.received(10);
        subscriber.hangUp();
        relay.awaitConnections(1);
        publisher.hangUp();

        List<JsonObject> told = next(5);

        assertThat(told)
                .extracting(notice -> notice.getString("event"))
                .containsExactly("publish", "request", "close", "unpublish", "close");
        assertThat(told)
                .allSatisfy(notice -> assertThat(notice.getMap())
                        .containsEntry("listener", "studio")
                        .containsEntry("stream", "live")
                        .containsEntry("address", "127.0.0.1"));
        assertThat(told).extracting(notice -> notice.getInteger("connection")).containsExactly(1, 2, 2, 1, 1);
        assertThat(told)
                .extracting(notice -> notice.getString("user"))
                .containsExactly("anna", null, null, "anna", "anna");
        assertThat(told)
                .extracting(notice -> notice.getString("reason"))
                .containsExactly(null, null, "the peer closed it", "the peer closed it", "the peer closed it");
        assertThat(told).extracting(notice -> notice.getInteger("bytes")).containsExactly(0, 0, 90, 90, 90);
    }

    @Test
    void whatARelayThatStopsDoesIsToldBeforeItEnds() throws Exception {
        start();
        relay.publish("live").opened();
        relay.request("live").opened();
        next(2);

        relay.stopServer();

        assertThat(server.unseen()).isEqualTo(3);
        List<JsonObject> told = next(3);
        assertThat(told)
                .extracting(notice -> notice.getString("event"))
                .containsExactlyInAnyOrder("unpublish", "close", "close");
        assertThat(told)
                .extracting(notice -> notice.getString("reason"))
                .containsOnly("the relay stops listening there");
    }

    @Test
    void publisherThatTakesOverIsToldAfterTheEndOfTheOther() throws Exception {
        start("srt.latencyMillis=20");
        TestCaller silent = relay.caller();
        TestCall first = silent.call(relay.listener(), "#!::r=live,m=publish").opened();
        TestCall subscriber = relay.request("live").opened();
        first.publish("payload ", 0, 0);
        subscriber.received(1);
        next(2);
        silent.goDeaf();

        TestCall second = relay.publish("live");
        while (second.refusedOrOpen() != 0) {
            second = relay.publish("live");
        }

        assertThat(next(3))
                .extracting(notice -> notice.getString("event") + " " + notice.getInteger("connection"))
                .containsExactly("unpublish 1", "close 1", "publish 3");
    }

    @Test
    void whatEndsAConnectionIsItsReason() throws Exception {
        start("access.rules[0].name=brief", "access.rules[0].limits.durationSeconds=1");
        relay.publish("live").opened();

        assertThat(next(3))
                .extracting(notice -> notice.getString("reason"))
                .containsExactly(
                        null, "it was granted 1 s, and they are over", "it was granted 1 s, and they are over");
    }

    @Test
    void serverThatHangsHoldsUpNeitherMediaNorTheStop() throws Exception {
        try (LoggedLines log = new LoggedLines("io.millrace.relay.access")) {
            server.hangs();
            start();
            TestCall publisher = relay.publish("live").opened();
            TestCall subscriber = relay.request("live").opened();
            server.next();

            publisher.publish("payload ", 0, 99);

            assertThat(subscriber.texts(100)).startsWith("payload 0").endsWith("payload 99");
            relay.stopServer();
            publisher.ended();
            assertThat(log.lines()).containsExactly("notifications that were not delivered before the stop: 5");
        }
    }

    private List<JsonObject> next(int count) throws InterruptedException {
        List<JsonObject> told = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            told.add(server.next().json());
        }
        return told;
    }
}
