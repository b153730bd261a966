package io.millrace.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.relay.access.SignedToken;
import io.millrace.relay.access.WebhookServer;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** No secret of the configuration, of a caller or of a server is ever shown. */
@Timeout(60)
class RelaySecretsTest {
    private static final String OF_LISTENER = "secret-of-listener";
    private static final String OF_FILE = "secret-of-file";
    private static final String OF_CAMERA = "secret-of-camera";
    private static final String OF_RULE = "secret-of-rule";
    private static final String PASSWORD = "secret-password";
    private static final String OF_WEBHOOK = "secret-from-webhook";
    private static final String OF_TOKEN = "secret-in-token";
    private static final String GUESSED = "secret-guess";

    private final StringWriter shown = new StringWriter();

    @Test
    void secretsAreNeitherLoggedNorAnsweredNorPrinted(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("passphrase"), OF_FILE);
        List<String> secrets = new ArrayList<>(List.of(
                OF_LISTENER, OF_FILE, OF_CAMERA, OF_RULE, PASSWORD, OF_WEBHOOK, OF_TOKEN, GUESSED, SignedToken.SECRET));
        String token = SignedToken.hmac(
                "HS256",
                SignedToken.SECRET,
                new JsonObject().put("sub", "anna").put("publish", "token").put("passphrase", OF_TOKEN));
        secrets.add(token);
        try (WebhookServer webhook = new WebhookServer();
                LoggedLines log = new LoggedLines("io.millrace.relay")) {
            webhook.does(post -> post.answer(
                    200,
                    post.json().getString("stream").equals("asked")
                            ? "{\"allow\":true,\"passphrase\":\"" + OF_WEBHOOK + "\"}"
                            : "{\"allow\":false,\"reason\":\"no " + post.json().getString("secret") + "\"}"));
            String[] settings = settings(webhook, file);
            try (TestRelay relay = TestRelay.start(settings)) {
                secrets.add(callers(relay, token));
                String query = "access_token=" + PASSWORD;
                for (String path : Stream.of(
                                "streams",
                                "connections",
                                "listeners",
                                "attempts",
                                "attempts/counters",
                                "ids",
                                "config",
                                "no")
                        .map(path -> "/api/v1/" + path)
                        .toList()) {
                    shown.write(relay.get(path).body());
                    shown.write(relay.get(path + "?" + query).body().replace(query, ""));
                }
            }
            log.lines().forEach(shown::write);
            check(settings);
        }

        assertThat(shown.toString())
                .contains("rule \\\"ruled\\\"", "one-shot id", "token of \\\"anna\\\"", "webhook", "BAD_SECRET")
                .contains("file:" + file);
        assertThat(shown.toString()).doesNotContain(secrets);
        assertThat(shown.toString()).doesNotContain("of-the-url");
    }

    private static String[] settings(WebhookServer webhook, Path file) {
        return new String[] {
            "listeners[0].passphrase=" + OF_LISTENER,
            "listeners[0].withoutStreamId[0].passphrase=" + OF_CAMERA,
            "listeners[0].withoutStreamId[0].stream=camera",
            "access.rules[0].name=ruled",
            "access.rules[0].stream=ruled",
            "access.rules[0].password=" + PASSWORD,
            "access.rules[0].passphrase=" + OF_RULE,
            "access.rules[1].name=from-file",
            "access.rules[1].stream=from-file",
            "access.rules[1].passphrase=file:" + file,
            "access.rules[2].name=camera",
            "access.rules[2].stream=camera",
            "access.order[0]=rules",
            "access.order[1]=jwt",
            "access.order[2]=webhook",
            "access.webhook.url=" + webhook.url(),
            "access.webhook.secret=" + SignedToken.SECRET,
            "access.notifications.url=" + webhook.url(),
            "access.notifications.secret=" + SignedToken.SECRET,
            "access.jwt.key=" + SignedToken.SECRET
        };
    }

    /** Everybody comes once with the right secret and once with a wrong one; returns the id that was issued. */
    private static String callers(TestRelay relay, String token) {
        String body = "{\"stream\":\"issued\",\"action\":\"publish\"}";
        JsonObject issued = new JsonObject(relay.post("/api/v1/ids", body, "Content-Type", "application/json")
                .body());
        String id = issued.getString("id");
        relay.call("#!::r=ruled,m=publish,u=anna,s=" + PASSWORD, OF_RULE).opened();
        relay.call("#!::r=from-file,m=publish", OF_FILE).opened();
        relay.call("", OF_CAMERA).opened();
        relay.call("#!::r=token,m=publish,s=" + token, OF_TOKEN).opened();
        relay.call("#!::r=asked,m=publish,s=" + GUESSED, OF_WEBHOOK).opened();
        relay.call(issued.getString("streamId"), OF_LISTENER).opened();

        relay.call("#!::r=ruled,m=publish,s=" + GUESSED, OF_RULE).refusal();
        relay.call("#!::r=ruled,m=publish,s=" + PASSWORD, GUESSED).refusal();
        relay.call("#!::r=from-file,m=publish", GUESSED).refusal();
        relay.call("publish:token:anna:" + token, GUESSED).refusal();
        relay.call("#!::r=token,m=publish,s=" + token + "x", OF_TOKEN).refusal();
        relay.call("#!::r=other,m=publish,s=" + token, OF_TOKEN).refusal();
        relay.call("#!::r=else,m=publish,password=" + GUESSED, OF_WEBHOOK).refusal();
        relay.call("#!::r=else,m=publish,key=" + GUESSED).refusal();
        relay.call("asked,mode:publish,token:" + GUESSED, GUESSED).refusal();
        relay.call(issued.getString("streamId"), OF_LISTENER).refusal();
        await().untilAsserted(() -> assertThat(relay.attempts("").stream()
                        .mapToInt(attempt -> attempt.getInteger("count"))
                        .sum())
                .isEqualTo(16));
        return id;
    }

    /** What {@code --check} prints. */
    private void check(String... settings) {
        String[] arguments = Stream.concat(
                        Stream.of("--check"), Stream.of(settings).flatMap(setting -> Stream.of("--set", setting)))
                .toArray(String[]::new);
        PrintWriter out = new PrintWriter(shown, true);
        assertThat(MillraceCommand.execute(arguments, out, out, options -> ExitCode.FAILURE))
                .isZero();
    }
}
