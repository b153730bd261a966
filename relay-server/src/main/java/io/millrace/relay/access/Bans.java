package io.millrace.relay.access;

import io.millrace.cluster.SharedRecord;
import io.millrace.cluster.SharedRecords;
import io.millrace.relay.config.AddressRange;
import io.millrace.srt.handshake.RejectReason;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Callers that are kept out for a time, whatever else would let them in, at all nodes. Who is connected stays. Kept in
 * memory, so that they end with the last node. Callable from any thread; a caller is compared with each ban.
 */
public final class Bans implements AccessSource {
    /** Most bans at a time. */
    public static final int MAX_BANS = 4_096;

    /** Longest duration. */
    public static final Duration MAX_DURATION = Duration.ofDays(365);

    private static final Logger LOG = LoggerFactory.getLogger(Bans.class);

    /** How long it is remembered that a ban was lifted: longer than a node is cut off from the one where it was. */
    private static final Duration REMEMBERED = Duration.ofDays(1);

    private static final int MAX_ID = 9_999_999;
    private static final String LIFTED = "";

    private final InstantSource clock;
    private final SharedRecords records;
    /** By key; what the records say, read once. */
    private final Map<String, Read> read = new ConcurrentHashMap<>();

    /** @param ban null if it has been lifted */
    private record Read(SharedRecord record, @Nullable Ban ban) {}

    /**
     * Whom a ban is for: callers that fit all that is given, which is something.
     *
     * @param address where they call from; null for anywhere
     * @param stream which they ask for; null for any
     * @param user whom they say they are; null for anybody, also without a name
     */
    public record Target(
            @Nullable AddressRange address,
            @Nullable String stream,
            @Nullable String user) {
        public Target {
            if (address == null && stream == null && user == null) {
                throw new IllegalArgumentException("a ban of everybody");
            }
        }

        boolean fits(AccessRequest caller) {
            return (address == null || address.contains(caller.peer().getAddress()))
                    && (stream == null || stream.equals(caller.request().stream()))
                    && (user == null || user.equals(caller.request().user()));
        }
    }

    /**
     * A ban that is in force.
     *
     * @param id random number of the ban
     * @param reason why, for the operator; null if nobody said
     * @param by who ordered it
     * @param since when it began
     * @param until when it ends
     */
    public record Ban(long id, Target target, @Nullable String reason, String by, Instant since, Instant until) {
        /** As the API shows it and the nodes tell each other. */
        public JsonObject toJson() {
            return new JsonObject()
                    .put("id", id)
                    .put(
                            "address",
                            target.address() == null ? null : target.address().toString())
                    .put("stream", target.stream())
                    .put("user", target.user())
                    .put("reason", reason)
                    .put("by", by)
                    .put("since", since.toString())
                    .put("until", until.toString());
        }

        static Ban of(JsonObject json) {
            String address = json.getString("address");
            return new Ban(
                    json.getLong("id"),
                    new Target(
                            address == null ? null : AddressRange.parse(address).orElseThrow(),
                            json.getString("stream"),
                            json.getString("user")),
                    json.getString("reason"),
                    json.getString("by"),
                    Instant.parse(json.getString("since")),
                    Instant.parse(json.getString("until")));
        }

        private Refusal refusal() {
            return new Refusal(
                    RejectReason.FORBIDDEN,
                    "banned until " + until + " by " + by + (reason == null ? "" : ", " + reason)
                            + "; DELETE /api/v1/bans/" + id + " lifts it");
        }
    }

    /** @param records that all nodes share */
    public Bans(InstantSource clock, SharedRecords records) {
        this.clock = clock;
        this.records = records;
    }

    /**
     * Bans callers from now on, here at once.
     *
     * @return empty where there are too many bans
     */
    public synchronized Optional<Ban> add(Target target, Duration duration, @Nullable String reason, String by) {
        if (records.known().size() >= MAX_BANS && inForce().size() >= MAX_BANS) {
            return Optional.empty();
        }
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        long id;
        do {
            id = ThreadLocalRandom.current().nextInt(1, MAX_ID + 1);
        } while (records.known().containsKey(Long.toString(id)));
        Ban ban = new Ban(id, target, reason, by, now, now.plus(duration));
        offer(id, new SharedRecord(1, ban.toJson().encode(), ban.until.toEpochMilli()));
        return Optional.of(ban);
    }

    /** Those in force, oldest first. */
    public List<Ban> inForce() {
        return present(clock.instant())
                .sorted(Comparator.comparing(Ban::since).thenComparing(Ban::id))
                .toList();
    }

    /** Ends a ban before its time; empty if none of this number is in force. */
    public synchronized Optional<Ban> lift(long id) {
        Instant now = clock.instant();
        Optional<Ban> found = present(now).filter(ban -> ban.id == id).findFirst();
        found.ifPresent(ban -> offer(
                id,
                new SharedRecord(
                        2,
                        LIFTED,
                        Math.min(ban.until.toEpochMilli(), now.plus(REMEMBERED).toEpochMilli()))));
        return found;
    }

    @Override
    public Future<AccessDecision> decide(AccessRequest request) {
        if (records.known().isEmpty()) {
            return Future.succeededFuture(NoOpinion.NO_OPINION);
        }
        return Future.succeededFuture(present(clock.instant())
                .filter(ban -> ban.target.fits(request))
                .findFirst()
                .<AccessDecision>map(Ban::refusal)
                .orElse(NoOpinion.NO_OPINION));
    }

    private void offer(long id, SharedRecord record) {
        var unused = records.offer(Long.toString(id), record).whenComplete((standing, failure) -> {
            if (failure != null) {
                LOG.debug("the other nodes are told of a ban later", failure);
            }
        });
    }

    private Stream<Ban> present(Instant now) {
        return records.known().entrySet().stream()
                .map(entry -> read(entry.getKey(), entry.getValue()).ban)
                .filter(ban -> ban != null && now.isBefore(ban.until));
    }

    private Read read(String key, SharedRecord record) {
        Read present = read.get(key);
        if (present != null && present.record.equals(record)) {
            return present;
        }
        if (read.size() > records.known().size()) {
            read.keySet().retainAll(records.known().keySet());
        }
        Read anew = new Read(record, ban(record.text()));
        read.put(key, anew);
        return anew;
    }

    private static @Nullable Ban ban(String text) {
        if (text.equals(LIFTED)) {
            return null;
        }
        try {
            return Ban.of(new JsonObject(text));
        } catch (RuntimeException e) {
            LOG.warn("a ban of another node can't be read, and does not hold here: {}", text, e);
            return null;
        }
    }
}
