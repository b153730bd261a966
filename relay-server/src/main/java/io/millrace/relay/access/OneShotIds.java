package io.millrace.relay.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.relay.access.StreamRequest.Mode;
import io.millrace.srt.handshake.RejectReason;
import io.millrace.srt.handshake.StreamId;
import io.vertx.core.Future;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Ids that let one caller in once: whoever manages streams gets one here and hands it to an encoder or player, which sends
 * it as the {@code s} of its stream id. They begin with {@code once-}; who sends one that is not valid is refused whatever
 * else would let it in. Kept in memory, as hashes, so that they end with the relay. Thread-safe.
 */
public final class OneShotIds implements AccessSource {
    /** Most ids at a time. */
    public static final int MAX_IDS = 100_000;

    /** Longest lifetime. */
    public static final Duration MAX_LIFETIME = Duration.ofDays(1);

    static final String PREFIX = "once-";

    private static final int RANDOM_BYTES = 16;
    /** How long an id that has expired is still known, to say so. */
    private static final Duration REMEMBERED = Duration.ofMinutes(10);

    private final InstantSource clock;
    private final int capacity;
    private final SecureRandom random = new SecureRandom();
    private final Map<ByteBuffer, Entry> ids = new HashMap<>();
    private Instant nextCleaning = Instant.MIN;

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

    private static final class Entry {
        final String stream;
        final Mode mode;
        final @Nullable String user;
        final Instant expires;
        /** Of the caller that it let in, which has it until that caller gives it back. */
        @Nullable
        Instant used;

        Entry(String stream, Mode mode, @Nullable String user, Instant expires) {
            this.stream = stream;
            this.mode = mode;
            this.user = user;
            this.expires = expires;
        }

        boolean isOutstanding(Instant now) {
            return used == null && now.isBefore(expires);
        }
    }

    public OneShotIds(InstantSource clock) {
        this(clock, MAX_IDS);
    }

    OneShotIds(InstantSource clock, int capacity) {
        this.clock = clock;
        this.capacity = capacity;
    }

    /**
     * A new id.
     *
     * @param stream that it lets publish or request
     * @param user that the caller must name; null for any or none
     * @param lifetime how long it may be used, at most {@link #MAX_LIFETIME}
     * @return empty where there are too many that were not used yet
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
        Entry entry = new Entry(stream, mode, user, now.plus(lifetime));
        synchronized (this) {
            makeRoom(now);
            if (ids.size() >= capacity) {
                return Optional.empty();
            }
            ids.put(hash(id), entry);
        }
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

    private void makeRoom(Instant now) {
        if (!now.isBefore(nextCleaning)) {
            nextCleaning = now.plus(REMEMBERED);
            ids.values().removeIf(entry -> now.isAfter(entry.expires.plus(REMEMBERED)));
        }
        if (ids.size() >= capacity) {
            // Unknown ids are refused as well: what is lost is the reason.
            ids.values().removeIf(entry -> !entry.isOutstanding(now));
        }
    }

    @Override
    public Future<AccessDecision> decide(AccessRequest request) {
        String secret = request.request().secret();
        return Future.succeededFuture(
                secret == null || !secret.startsWith(PREFIX) ? NoOpinion.NO_OPINION : take(secret, request.request()));
    }

    private synchronized AccessDecision take(String id, StreamRequest request) {
        Entry entry = ids.get(hash(id));
        Instant now = clock.instant();
        String fault = entry == null ? "is not known: it has expired, or was issued before a restart" : null;
        if (entry != null) {
            fault = fault(entry, request, now);
        }
        if (entry == null || fault != null) {
            return new Refusal(RejectReason.UNAUTHORIZED, "the one-shot id " + fault);
        }
        entry.used = now;
        return new Grant("one-shot id", request.stream(), null, null, GrantLimits.NONE, new GivingBack(entry));
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

    private static ByteBuffer hash(String id) {
        try {
            return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(id.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Makes an id usable again, once: the next caller that it lets in has it for itself. */
    private final class GivingBack implements Runnable {
        private final Entry entry;
        private boolean done;

        GivingBack(Entry entry) {
            this.entry = entry;
        }

        @Override
        public void run() {
            synchronized (OneShotIds.this) {
                if (!done) {
                    done = true;
                    entry.used = null;
                }
            }
        }
    }
}
