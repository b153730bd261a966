package io.millrace.relay.access;

import static io.millrace.relay.access.WebhookServer.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.relay.LoggedLines;
import io.millrace.relay.access.Notifications.Counts;
import io.millrace.relay.config.NotificationsConfig;
import io.millrace.relay.config.NotificationsConfig.Event;
import io.millrace.relay.config.SecretReference;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NotificationsTest {
    private static final String SECRET = "what signs notifications";
    private static final int PATIENT_MILLIS = 20_000;

    private final Vertx vertx = Vertx.vertx();
    private final WebhookServer server = new WebhookServer();
    private LoggedLines logged;

    @BeforeEach
    void listen() {
        logged = new LoggedLines("io.millrace.relay.access");
    }

    @AfterEach
    void stop() {
        await(vertx.close());
        server.close();
        logged.close();
    }

    @Test
    void notificationTellsWhatHappenedToWhom() throws Exception {
        notifications(0, 10)
                .closed(new ConnectionNotice(
                        7, "main", "live/cam7", "alice", peer(), "the peer closed it", 3_600, 80_000_000_000L));

        WebhookServer.Post post = server.next();
        JsonObject json = post.json();
        assertThat(Instant.parse((String) json.remove("time"))).isBetween(Instant.EPOCH, Instant.now());
        assertThat(UUID.fromString((String) json.remove("id"))).isNotNull();
        assertThat(json).isEqualTo(new JsonObject("""
                        {
                          "event": "close", "connection": 7, "listener": "main", "stream": "live/cam7",
                          "user": "alice", "address": "192.0.2.7", "port": 5000, "reason": "the peer closed it",
                          "durationSeconds": 3600, "bytes": 80000000000
                        }"""));
        String timestamp = post.headers().get("X-Millrace-Timestamp");
        assertThat(post.headers().get("X-Millrace-Signature"))
                .isEqualTo(RequestSignature.of(SECRET, timestamp, post.body().getBytes()));
    }

    @Test
    void eventsOfAStreamArriveInTheirOrderThoughOneIsRepeated() throws Exception {
        Set<String> seen = ConcurrentHashMap.newKeySet();
        server.does(post -> post.answer(seen.add(post.json().getString("id")) ? 503 : 204, ""));
        Notifications notifications = notifications(1, 10);

        notifications.published(notice("a"));
        notifications.requested(notice("a"));
        notifications.unpublished(notice("a"));
        notifications.closed(notice("a"));

        List<String> events = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            events.add(server.next().json().getString("event"));
        }
        assertThat(events)
                .containsExactly(
                        "publish", "publish", "request", "request", "unpublish", "unpublish", "close", "close");
        awaitCounts(notifications, new Counts(4, 0, 0, 0));
    }

    @Test
    void streamThatIsHeldUpHoldsUpNoOther() throws Exception {
        server.does(post -> {
            if (post.json().getString("stream").equals("b")) {
                post.answer(204, "");
            }
        });
        Notifications notifications = notifications(0, 10);

        notifications.published(notice("a"));
        notifications.published(notice("b"));
        notifications.unpublished(notice("b"));

        awaitCounts(notifications, new Counts(2, 0, 0, 1));
    }

    @Test
    void attemptsAreBounded() throws Exception {
        server.answers(500, "");
        Notifications notifications = notifications(2, 10);

        notifications.published(notice("a"));

        awaitCounts(notifications, new Counts(0, 1, 0, 0));
        assertThat(server.unseen()).isEqualTo(3);
        assertThat(server.next().json().getString("id"))
                .isEqualTo(server.next().json().getString("id"))
                .isEqualTo(server.next().json().getString("id"));
    }

    @ParameterizedTest
    @ValueSource(ints = {302, 400, 404})
    void serverThatWantsNoneIsNotAskedAgain(int status) {
        server.answers(status, "");
        Notifications notifications = notifications(2, 10);

        notifications.published(notice("a"));

        awaitCounts(notifications, new Counts(0, 1, 0, 0));
        assertThat(server.unseen()).isEqualTo(1);
    }

    @Test
    void whatTheQueueCannotTakeIsDroppedAtOnceAndCounted() throws Exception {
        server.hangs();
        Notifications notifications = notifications(0, 2);

        for (int i = 0; i < 5; i++) {
            notifications.requested(notice("a"));
        }

        assertThat(notifications.counts()).isEqualTo(new Counts(0, 0, 3, 2));
        WebhookServer.Post first = server.next();
        server.answers(204, "");
        first.answer(204, "");
        awaitCounts(notifications, new Counts(2, 0, 3, 0));
        assertThat(logged.lines())
                .containsExactly("3 notifications were dropped since the last line like this; at most 2 are kept");
    }

    @Test
    void onlyChosenEventsArePosted() throws Exception {
        NotificationsConfig config = config(server.url(), 0, 10, List.of(Event.UNPUBLISH));
        Notifications notifications = new Notifications(vertx, config);

        notifications.published(notice("a"));
        notifications.requested(notice("a"));
        notifications.closed(notice("a"));
        notifications.unpublished(notice("a"));

        assertThat(server.next().json().getString("event")).isEqualTo("unpublish");
        awaitCounts(notifications, new Counts(1, 0, 0, 0));
        assertThat(server.unseen()).isZero();
    }

    @Test
    void nobodyIsToldWithoutAUrl() {
        Notifications notifications = new Notifications(vertx, config(null, 0, 10, List.of(Event.values())));

        notifications.published(notice("a"));
        await(notifications.close());

        assertThat(notifications.counts()).isEqualTo(new Counts(0, 0, 0, 0));
    }

    @Test
    void whatIsQueuedAtTheEndIsDelivered() {
        Notifications notifications = notifications(0, 100);
        for (int i = 0; i < 50; i++) {
            notifications.requested(notice("a"));
        }

        await(notifications.close());

        assertThat(notifications.counts()).isEqualTo(new Counts(50, 0, 0, 0));
        notifications.requested(notice("a"));
        assertThat(notifications.counts()).isEqualTo(new Counts(50, 0, 1, 0));
    }

    @Test
    void endDoesNotWaitForAServerThatHangs() {
        server.hangs();
        Notifications notifications = notifications(3, 100, 50);
        for (int i = 0; i < 50; i++) {
            notifications.requested(notice("a"));
        }

        await(notifications.close());

        assertThat(notifications.counts()).isEqualTo(new Counts(0, 0, 50, 0));
    }

    @Test
    void outageIsLoggedOnceWithoutSecrets() {
        server.answers(500, SECRET);
        Notifications notifications = notifications(1, 10);

        notifications.published(notice("a"));
        notifications.published(notice("a"));

        awaitCounts(notifications, new Counts(0, 2, 0, 0));
        assertThat(logged.lines())
                .singleElement()
                .asString()
                .startsWith("the server for notifications http://127.0.0.1:")
                .contains("/hook answers with HTTP status 500;")
                .doesNotContain("token", SECRET);
    }

    private static void awaitCounts(Notifications notifications, Counts counts) {
        Awaitility.await()
                .untilAsserted(() -> assertThat(notifications.counts()).isEqualTo(counts));
    }

    private Notifications notifications(int retries, int maxQueued) {
        return notifications(retries, maxQueued, PATIENT_MILLIS);
    }

    private Notifications notifications(int retries, int maxQueued, int drainMillis) {
        return new Notifications(
                vertx, config(server.url(), retries, maxQueued, List.of(Event.values())), 10, drainMillis);
    }

    private static NotificationsConfig config(URI url, int retries, int maxQueued, List<Event> events) {
        return new NotificationsConfig(url, SecretReference.of(SECRET), PATIENT_MILLIS, retries, maxQueued, events);
    }

    private static ConnectionNotice notice(String stream) {
        return new ConnectionNotice(7, "main", stream, null, peer(), null, 0, 0);
    }

    private static InetSocketAddress peer() {
        return new InetSocketAddress("192.0.2.7", 5000);
    }
}
