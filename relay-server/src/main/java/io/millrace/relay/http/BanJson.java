package io.millrace.relay.http;

import io.millrace.relay.access.Bans;
import io.vertx.core.json.JsonObject;

/** A ban as the API shows it. */
final class BanJson {
    private BanJson() {}

    static JsonObject of(Bans.Ban ban) {
        Bans.Target target = ban.target();
        return new JsonObject()
                .put("id", ban.id())
                .put(
                        "address",
                        target.address() == null ? null : target.address().toString())
                .put("stream", target.stream())
                .put("user", target.user())
                .put("reason", ban.reason())
                .put("by", ban.by())
                .put("since", ban.since().toString())
                .put("until", ban.until().toString());
    }
}
