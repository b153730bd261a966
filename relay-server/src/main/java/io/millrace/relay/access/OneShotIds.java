package io.millrace.relay.access;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.CompletableFuture.completedStage;

import io.millrace.cluster.SharedRecord;
import io.millrace.cluster.SharedRecords;
import io.millrace.relay.access.StreamRequest.Mode;
import io.millrace.srt.handshake.RejectReason;
import io.millrace.srt.handshake.StreamId;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ids that let one caller in once: whoever manages streams gets one here and hands it to an encoder or player, which sends
 * it as the {@code s} of its stream id. They begin with {@code once-}; who sends one that is not valid is refused whatever
 * else would let it in. They hold at all nodes, at one of them once; while that node can't reach the others, it lets the
 * caller in, as they might. Kept in memory, as hashes, so that they end with the last node. Thread-safe.
 */
public final class OneShotIds implements AccessSource {
    /** Most ids at a time. */
    public static final int MAX_IDS = 100_000;

    /** Longest lifetime. */
    public static final Duration MAX_LIFETIME = Duration.ofDays(1);

    static final String PREFIX = "once-";

    private static final Logger LOG = LoggerFactory.getLogger(OneShotIds.class);

    private static final int RANDOM_BYTES = 16;
    /** How long an id that expired without being used is still known, to say so. */
    private static final Duration REMEMBERED = Duration.ofMinutes(10);

    /** A caller waits 3 s, and may have to be asked about elsewhere, too. */
    private static final long SHARING_MILLIS = 500;

    private final InstantSource clock;
    private final SharedRecords records;
    private final int capacity;
    private final SecureRandom random = new SecureRandom();

    /**
     * An id as it is handed out.
     *
     * @param id the secret itself
     * @param streamId the whole stream id for the encoder or player
     * @param expires when it can no longer be used
     */
    public record Issued(String id, String streamId, Instant expires) {
        /** Without the id. */
        @Override
        public String toString() {
            return "Issued[expires " + expires + ']';
        }
    }

    /**
     * What is known of an id.
     *
     * @param used when it let a caller in, which has it until that caller gives it back; null if none has it
     * @param use random; tells two uses at the same time from each other
     */
    private record Entry(
            String stream,
            Mode mode,
            @Nullable String user,
            Instant expires,
            @Nullable Instant used,
            long use) {
        static Entry of(SharedRecord record) {
            JsonObject json = new JsonObject(record.text());
            String used = json.getString("used");
            return new Entry(
                    json.getString("stream"),
                    Mode.valueOf(json.getString("mode")),
                    json.getString("user"),
                    Instant.parse(json.getString("expires")),
                    used == null ? null : Instant.parse(used),
                    json.getLong("use"));
        }

        SharedRecord version(long version) {
            String text = new JsonObject()
                    .put("stream", stream)
                    .put("mode", mode.name())
                    .put("user", user)
                    .put("expires", expires.toString())
                    .put("used", used == null ? null : used.toString())
                    .put("use", use)
                    .encode();
            Instant until = used == null ? expires.plus(REMEMBERED) : expires;
            return new SharedRecord(version, text, until.toEpochMilli());
        }

        Entry usedAt(Instant now, long newUse) {
            return new Entry(stream, mode, user, expires, now, newUse);
        }

        Entry givenBack() {
            return new Entry(stream, mode, user, expires, null, 0);
        }
    }

    /** @param records that all nodes share */
    public OneShotIds(InstantSource clock, SharedRecords records) {
        this(clock, records, MAX_IDS);
    }

    OneShotIds(InstantSource clock, SharedRecords records, int capacity) {
        this.clock = clock;
        this.records = records;
        this.capacity = capacity;
    }

    /**
     * A new id.
     *
     * @param stream that it lets publish or request
     * @param user that the caller must name; null for any or none
     * @param lifetime how long it may be used, at most {@link #MAX_LIFETIME}
     * @return empty where there are too many that have not expired
     * @throws IllegalArgumentException where a caller couldn't ask for that, with a message that says why
     */
    public Optional<Issued> issue(String stream, Mode mode, @Nullable String user, Duration lifetime) {
        if (lifetime.isNegative() || lifetime.isZero() || lifetime.compareTo(MAX_LIFETIME) > 0) {
            throw new IllegalArgumentException("the lifetime is not from 1 to " + MAX_LIFETIME.toSeconds() + " s");
        }
        byte[] bytes = new byte[RANDOM_BYTES];
        random.nextBytes(bytes);
        String id = PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        String streamId = streamId(StreamName.checked(stream), mode, user, id);
        Instant now = clock.instant();
        if (records.known().size() >= capacity) {
            return Optional.empty();
        }
        Entry entry = new Entry(stream, mode, user, now.plus(lifetime), null, 0);
        offer(hash(id), entry.version(1));
        return Optional.of(new Issued(id, streamId, entry.expires));
    }

    /** The stream id that asks for this, and for nothing else once it is read. */
    private static String streamId(String stream, Mode mode, @Nullable String user, String id) {
        Map<String, String> keys = new LinkedHashMap<>();
        keys.put("r", stream);
        keys.put("m", mode.name().toLowerCase(Locale.ROOT));
        if (user != null) {
            keys.put("u", user);
        }
        keys.put("s", id);
        String text = StreamId.of(keys).text();
        if (!new StreamRequest(stream, mode, user, null, id, Map.of()).equals(StreamRequest.parse(text, null))) {
            throw new IllegalArgumentException("a stream id can't carry this name of a stream or user");
        }
        return text;
    }

    private CompletionStage<SharedRecord> offer(String key, SharedRecord record) {
        return records.offer(key, record).exceptionally(failure -> {
            LOG.debug("the other nodes are told of a one-shot id later", failure);
            return record;
        });
    }

    @Override
    public Future<AccessDecision> decide(AccessRequest request) {
        String secret = request.request().secret();
        if (secret == null || !secret.startsWith(PREFIX)) {
            return Future.succeededFuture(NoOpinion.NO_OPINION);
        }
        String key = hash(secret);
        return Future.fromCompletionStage(records.find(key)
                .exceptionally(failure -> Optional.empty())
                .toCompletableFuture()
                .copy()
                .completeOnTimeout(Optional.empty(), SHARING_MILLIS, TimeUnit.MILLISECONDS)
                .thenCompose(found -> take(key, found.orElse(null), request.request())));
    }

    private CompletionStage<AccessDecision> take(String key, @Nullable SharedRecord known, StreamRequest request) {
        if (known == null) {
            return completedStage(refusal(
                    "is not known: it has expired, or was issued before a restart, or where this node can't ask"));
        }
        Entry entry = Entry.of(known);
        Instant now = clock.instant();
        String fault = fault(entry, request, now);
        if (fault != null) {
            return completedStage(refusal(fault));
        }
        Entry used = entry.usedAt(now, random.nextLong());
        SharedRecord mine = used.version(known.version() + 1);
        return offer(key, mine)
                .toCompletableFuture()
                .copy()
                .completeOnTimeout(mine, SHARING_MILLIS, TimeUnit.MILLISECONDS)
                .thenCompose(standing -> Entry.of(standing).use == used.use
                        ? completedStage(new Grant(
                                "one-shot id",
                                request.stream(),
                                null,
                                null,
                                GrantLimits.NONE,
                                () -> giveBack(key, used, mine.version() + 1)))
                        // Somebody else has it, or has given it back meanwhile.
                        : take(key, standing, request));
    }

    /** Makes an id usable again, once: the next caller that it lets in has it for itself. */
    private void giveBack(String key, Entry used, long version) {
        var unused = offer(key, used.givenBack().version(version));
    }

    private static Refusal refusal(String fault) {
        return new Refusal(RejectReason.UNAUTHORIZED, "the one-shot id " + fault);
    }

    private static @Nullable String fault(Entry entry, StreamRequest request, Instant now) {
        if (entry.used != null) {
            return "was used at " + entry.used + ": get a new one for each connection";
        }
        if (!now.isBefore(entry.expires)) {
            return "expired at " + entry.expires + ": get a new one";
        }
        if (!entry.stream.equals(request.stream())) {
            return "is for stream \"" + LoggableStreamId.quoted(entry.stream) + "\", not \""
                    + LoggableStreamId.quoted(request.stream()) + '"';
        }
        if (entry.mode != request.mode()) {
            return "is to " + entry.mode.name().toLowerCase(Locale.ROOT) + ", not to "
                    + request.mode().name().toLowerCase(Locale.ROOT);
        }
        return entry.user == null || Objects.equals(entry.user, request.user())
                ? null
                : "is for user \"" + LoggableStreamId.quoted(entry.user) + '"';
    }

    private static String hash(String id) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(id.getBytes(UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
