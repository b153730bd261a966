package io.millrace.relay.access;

import io.millrace.relay.config.AddressRange;
import io.millrace.srt.handshake.RejectReason;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Callers that are kept out for a time, whatever else would let them in. Who is connected stays. Kept in memory, so that
 * they end with the relay. Callable from any thread; a caller is compared with each ban.
 */
public final class Bans implements AccessSource {
    /** Most bans at a time. */
    public static final int MAX_BANS = 4_096;

    /** Longest duration. */
    public static final Duration MAX_DURATION = Duration.ofDays(365);

    private final InstantSource clock;
    private final CopyOnWriteArrayList<Ban> bans = new CopyOnWriteArrayList<>();
    private long lastId;

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
     * @param id number of the ban on this node
     * @param reason why, for the operator; null if nobody said
     * @param by who ordered it
     * @param since when it began
     * @param until when it ends
     */
    public record Ban(long id, Target target, @Nullable String reason, String by, Instant since, Instant until) {
        private Refusal refusal() {
            return new Refusal(
                    RejectReason.FORBIDDEN,
                    "banned until " + until + " by " + by + (reason == null ? "" : ", " + reason)
                            + "; DELETE /api/v1/bans/" + id + " lifts it");
        }
    }

    public Bans(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * Bans callers from now on.
     *
     * @return empty where there are too many bans
     */
    public synchronized Optional<Ban> add(Target target, Duration duration, @Nullable String reason, String by) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        bans.removeIf(ban -> !now.isBefore(ban.until));
        if (bans.size() >= MAX_BANS) {
            return Optional.empty();
        }
        Ban ban = new Ban(++lastId, target, reason, by, now, now.plus(duration));
        bans.add(ban);
        return Optional.of(ban);
    }

    /** Those in force, oldest first. */
    public List<Ban> inForce() {
        Instant now = clock.instant();
        return bans.stream().filter(ban -> now.isBefore(ban.until)).toList();
    }

    /** Ends a ban before its time; empty if none of this number is in force. */
    public synchronized Optional<Ban> lift(long id) {
        Optional<Ban> found = inForce().stream().filter(ban -> ban.id == id).findFirst();
        found.ifPresent(bans::remove);
        return found;
    }

    @Override
    public Future<AccessDecision> decide(AccessRequest request) {
        Instant now = bans.isEmpty() ? Instant.MAX : clock.instant();
        for (Ban ban : bans) {
            if (now.isBefore(ban.until) && ban.target.fits(request)) {
                return Future.succeededFuture(ban.refusal());
            }
        }
        return Future.succeededFuture(NoOpinion.NO_OPINION);
    }
}
