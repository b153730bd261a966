package io.millrace.relay.http;

import io.millrace.relay.access.Bans;
import io.millrace.relay.config.AddressRange;
import io.millrace.relay.config.ApiScope;
import io.vertx.core.json.JsonArray;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keeps callers out for a time. */
final class BanApi {
    private static final String ALL = "/api/v1/bans";
    private static final List<String> MEMBERS = List.of("address", "stream", "user", "seconds", "reason");
    private static final int MAX_NAME = 256;
    private static final int MAX_REASON = 200;

    private final Bans bans;

    BanApi(Bans bans) {
        this.bans = bans;
    }

    void addTo(ApiRoutes routes) {
        routes.get(ALL, ApiScope.READ).handler(request -> JsonAnswer.build(request, this::list));
        routes.post(ALL, ApiScope.OPERATE).handler(JsonBody.handler()).handler(this::add);
        routes.delete(ALL + "/:id", ApiScope.OPERATE).handler(this::lift);
    }

    private JsonArray list() {
        JsonArray list = new JsonArray();
        bans.inForce().forEach(ban -> list.add(ban.toJson()));
        return list;
    }

    private void add(RoutingContext request) {
        JsonBody body = JsonBody.of(request, MEMBERS);
        AddressRange address = address(body.optionalText("address", "an IP address, a range, or null"));
        String stream = body.optionalLine("stream", MAX_NAME);
        String user = body.optionalLine("user", MAX_NAME);
        if (address == null && stream == null && user == null) {
            throw new ProblemException(Problem.badRequest(
                    "say whom the ban is for, by \"address\", \"stream\" or \"user\" or several of them"));
        }
        int seconds = body.wholeNumber("seconds", 1, (int) Bans.MAX_DURATION.toSeconds());
        Bans.Ban ban = add(
                bans,
                new Bans.Target(address, stream, user),
                Duration.ofSeconds(seconds),
                body.optionalLine("reason", MAX_REASON),
                ApiGuard.caller(request));
        request.response().putHeader("Location", ALL + "/" + ban.id());
        JsonAnswer.send(request, 201, ban.toJson());
    }

    private static @Nullable AddressRange address(@Nullable String text) {
        return text == null
                ? null
                : AddressRange.parse(text)
                        .orElseThrow(() -> JsonBody.mustBe("address", AddressRange.allowedInPlaceOf(text)));
    }

    static Bans.Ban add(Bans bans, Bans.Target target, Duration duration, @Nullable String reason, String caller) {
        return bans.add(target, duration, reason, caller)
                .orElseThrow(() -> new ProblemException(Problem.unavailable(
                        Bans.MAX_BANS + " bans are in force, which is the most: lift some, or ban ranges")));
    }

    private void lift(RoutingContext request) {
        Bans.Ban lifted = bans.lift(PathParameter.number(request, "id"))
                .orElseThrow(() -> new ProblemException(
                        Problem.notFound("no ban of this id is in force; GET " + ALL + " lists those that are")));
        JsonAnswer.send(request, 200, lifted.toJson());
    }
}
