package io.millrace.relay.access;

import io.millrace.relay.access.UnnamedCallers.Candidate;
import io.millrace.relay.config.AccessConfig;
import io.millrace.relay.config.AccessConfig.Source;
import io.millrace.relay.config.RelayConfig;
import io.millrace.relay.config.SrtConfig.CryptoMode;
import io.millrace.srt.crypto.CipherMode;
import io.millrace.srt.crypto.KeyEncryptionKey;
import io.millrace.srt.crypto.KeyMaterial;
import io.millrace.srt.crypto.Passphrase;
import io.millrace.srt.handshake.KeyAgreement;
import io.millrace.srt.handshake.RejectReason;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.net.InetAddress;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Decides on callers: what they ask for, whether a source of access lets them have it, and whether they share the
 * passphrase that goes with it. Works on threads of its own, no more than half of the processors, so that a flood of
 * callers leaves the media alone. Callable from any thread.
 */
public final class AccessControl {
    /** Callers that may be waiting for a thread: about as many as can be decided on before they give up, after 3 s. */
    private static final int MAX_WAITING = 2048;

    /** How long a source that is configured no more may take to answer what it was asked before. */
    private static final long RETIREMENT_MILLIS = 60_000;

    private final Vertx vertx;
    /** What is asked before all that is configured. */
    private final List<AccessSource> builtIn;

    private final WorkerExecutor workers;
    private final KeyUnwrapper unwrapper = new KeyUnwrapper();
    private final WrongPassphraseBudget wrongPassphrases;
    private final AtomicInteger waiting = new AtomicInteger();
    private volatile Policy policy;

    /** What a configuration says. A caller is judged by one of them from beginning to end. */
    private record Policy(AccessConfig config, CryptoMode cryptoMode, Map<Source, AccessSource> configured) {
        List<AccessSource> inOrder(List<AccessSource> first) {
            return Stream.concat(first.stream(), config.order().stream().map(configured::get))
                    .toList();
        }

        /** The source that this policy has too, if it is configured alike. */
        @Nullable
        AccessSource like(Source source, AccessConfig other) {
            return section(source, config).equals(section(source, other)) ? configured.get(source) : null;
        }

        private static Object section(Source source, AccessConfig config) {
            return switch (source) {
                case RULES -> config.rules();
                case WEBHOOK -> config.webhook();
                case JWT -> config.jwt();
            };
        }
    }

    /**
     * @param bans asked before everything else
     * @param oneShotIds asked before every configured source
     */
    public AccessControl(Vertx vertx, RelayConfig config, Bans bans, OneShotIds oneShotIds) {
        this.vertx = vertx;
        builtIn = List.of(bans, oneShotIds);
        int threads = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
        workers = vertx.createSharedWorkerExecutor("access", threads);
        policy = new Policy(config.access(), config.srt().cryptoMode(), sources(config.access(), null));
        wrongPassphrases = new WrongPassphraseBudget(config.limits().wrongPassphrasesPerMinute());
    }

    /** Judges callers by this from now on; who is connected stays. Sources that didn't change keep what they know. */
    public synchronized void reconfigure(RelayConfig config) {
        Policy before = policy;
        policy = new Policy(config.access(), config.srt().cryptoMode(), sources(config.access(), before));
        wrongPassphrases.perMinute(config.limits().wrongPassphrasesPerMinute());
        before.configured.values().stream()
                .filter(source -> !policy.configured.containsValue(source))
                .forEach(source -> vertx.setTimer(RETIREMENT_MILLIS, id -> source.close()));
    }

    private Map<Source, AccessSource> sources(AccessConfig config, @Nullable Policy before) {
        Map<Source, AccessSource> sources = new EnumMap<>(Source.class);
        for (Source source : config.order()) {
            AccessSource kept = before == null ? null : before.like(source, config);
            sources.put(source, kept == null ? source(source, config) : kept);
        }
        return sources;
    }

    private AccessSource source(Source source, AccessConfig config) {
        return switch (source) {
            case RULES -> new AccessRules(config.rules());
            case WEBHOOK -> new AccessWebhook(vertx, config.webhook());
            case JWT -> JwtAccess.start(vertx, config.jwt());
        };
    }

    /** What the caller gets; fails with a {@link RefusedException}. */
    public Future<Admitted> decide(Arrival arrival) {
        return whenFree(() -> begin(arrival));
    }

    /**
     * The key for key material that a connection can't unwrap by the one it has; the receiver's to wipe. Fails when there
     * is too much to do: the peer repeats what is not answered.
     */
    public Future<KeyEncryptionKey> rederive(KeyMaterial material, Passphrase passphrase) {
        return whenFree(() -> Future.succeededFuture(unwrapper.derive(material, passphrase)));
    }

    private <T> Future<T> whenFree(Callable<Future<T>> work) {
        if (waiting.incrementAndGet() > MAX_WAITING) {
            waiting.decrementAndGet();
            return Future.failedFuture(refused(
                    RejectReason.OVERLOAD,
                    MAX_WAITING
                            + " callers wait to be decided on already; it is a flood, or this machine is too slow"));
        }
        return workers.executeBlocking(
                        () -> {
                            waiting.decrementAndGet();
                            return work.call();
                        },
                        false)
                .compose(result -> result);
    }

    /** Gives up what the sources hold; who is asked about later gets an error. */
    public Future<Void> close() {
        return Future.join(policy.inOrder(builtIn).stream()
                        .map(AccessSource::close)
                        .toList())
                .mapEmpty();
    }

    private Future<Admitted> begin(Arrival arrival) throws RefusedException {
        CallerKeys keys =
                new CallerKeys(arrival.keyMaterial(), arrival.peer().getAddress(), unwrapper, wrongPassphrases);
        try {
            return admit(arrival, keys).onFailure(refused -> keys.wipe());
        } catch (RefusedException | RuntimeException e) {
            keys.wipe();
            throw e;
        }
    }

    private Future<Admitted> admit(Arrival arrival, CallerKeys keys) throws RefusedException {
        Policy judge = policy;
        KeyMaterial material = arrival.keyMaterial();
        if (material != null && !isAllowed(material.mode(), judge.cryptoMode)) {
            throw refused(
                    RejectReason.CRYPTO,
                    "the caller encrypts by AES-" + material.mode() + ", and srt.cryptoMode is "
                            + judge.cryptoMode.name().toLowerCase(Locale.ROOT)
                            + "; set the caller's cryptomode to that");
        }
        StreamRequest asked = identify(arrival, keys);
        AccessRequest request = new AccessRequest(
                arrival.listener().name(),
                asked,
                arrival.peer(),
                arrival.local(),
                keys.areThere(),
                arrival.srtVersion());
        Future<AccessDecision> decision = arrival.listener().isForNodes()
                ? Future.succeededFuture(askedByNode(request))
                : ask(request, judge.inOrder(builtIn), judge.config.otherwise());
        // Where nobody had to be waited for, this thread goes on.
        return decision.isComplete()
                ? decision.compose(decided -> conclude(arrival, asked, keys, decided))
                : decision.compose(
                        decided -> workers.executeBlocking(() -> conclude(arrival, asked, keys, decided), false)
                                .compose(admitted -> admitted));
    }

    private static boolean isAllowed(CipherMode mode, CryptoMode cryptoMode) {
        return switch (cryptoMode) {
            case AUTO -> true;
            case CTR -> mode == CipherMode.CTR;
            case GCM -> mode == CipherMode.GCM;
        };
    }

    /** Reads the stream id; where it names no stream, the passphrase, the address or the port does. */
    private StreamRequest identify(Arrival arrival, CallerKeys keys) throws RefusedException {
        ParsedStreamId parsed = StreamRequest.read(arrival.streamId(), () -> unnamed(arrival, keys));
        keys.requireBudget();
        if (parsed instanceof Refusal refusal) {
            throw new RefusedException(refusal);
        }
        return (StreamRequest) parsed;
    }

    private static @Nullable DefaultStream unnamed(Arrival arrival, CallerKeys keys) {
        UnnamedCallers unnamed = arrival.listener().unnamed();
        InetAddress peer = arrival.peer().getAddress();
        for (Candidate candidate : keys.areThere() ? unnamed.byPassphrase(peer) : List.<Candidate>of()) {
            if (keys.unwrap(candidate.passphrase()) != null) {
                return candidate.stream();
            }
        }
        return unnamed.byAddressOrPort(peer);
    }

    /** Its passphrase proves that it is one. */
    private static AccessDecision askedByNode(AccessRequest request) {
        return request.request().mode() == StreamRequest.Mode.REQUEST
                ? Grant.of("cluster.secret", request)
                : new Refusal(
                        RejectReason.FORBIDDEN, "other nodes take streams here, and nobody publishes; use a listener");
    }

    private Future<AccessDecision> ask(
            AccessRequest request, List<AccessSource> sources, AccessConfig.Otherwise otherwise) {
        for (int i = 0; i < sources.size(); i++) {
            Future<AccessDecision> decision = sources.get(i).decide(request);
            List<AccessSource> others = sources.subList(i + 1, sources.size());
            if (!decision.isComplete()) {
                return decision.compose(decided -> decided == NoOpinion.NO_OPINION
                        ? workers.executeBlocking(() -> ask(request, others, otherwise), false)
                                .compose(later -> later)
                        : Future.succeededFuture(decided));
            }
            if (decision.failed() || decision.result() != NoOpinion.NO_OPINION) {
                return decision;
            }
        }
        return Future.succeededFuture(
                switch (otherwise) {
                    case ALLOW -> Grant.of("access.otherwise", request);
                    case DENY ->
                        new Refusal(
                                RejectReason.FORBIDDEN,
                                "nothing allows this caller, and access.otherwise is deny; add a rule for it");
                });
    }

    private Future<Admitted> conclude(Arrival arrival, StreamRequest asked, CallerKeys keys, AccessDecision decision) {
        if (decision instanceof Refusal refusal) {
            return Future.failedFuture(new RefusedException(refusal));
        }
        if (!(decision instanceof Grant grant)) {
            throw new IllegalStateException("a decision is asked for until there is one");
        }
        try {
            Passphrase passphrase = passphrase(arrival.listener(), keys, grant);
            KeyAgreement agreement = agree(arrival.listener(), keys, grant, passphrase);
            return Future.succeededFuture(new Admitted(
                    asked, grant, agreement, agreement instanceof KeyAgreement.Secured ? passphrase : null));
        } catch (RefusedException | RuntimeException e) {
            grant.release().run();
            return Future.failedFuture(e);
        }
    }

    /** What the caller has to encrypt with; null for nothing. */
    private static @Nullable Passphrase passphrase(ListenerAccess listener, CallerKeys keys, Grant grant)
            throws RefusedException {
        if (grant.passphrase() != null) {
            return grant.passphrase();
        }
        return keys.passphrase() == null ? listener.passphrase() : keys.passphrase();
    }

    private static KeyAgreement agree(
            ListenerAccess listener, CallerKeys keys, Grant grant, @Nullable Passphrase passphrase)
            throws RefusedException {
        KeyAgreement.Secured unwrapped = passphrase == null ? null : keys.unwrap(passphrase);
        keys.requireBudget();
        KeyAgreement agreement = KeyAgreement.respond(keys.areThere(), passphrase != null, unwrapped);
        if (listener.enforcesEncryption() && agreement instanceof KeyAgreement.Unsecured unsecured) {
            String owner = grant.passphrase() == null ? "listener " + listener.name() : grant.source();
            throw refused(unsecured.refusal(), advice(unsecured, owner));
        }
        return agreement;
    }

    private static String advice(KeyAgreement.Unsecured unsecured, String owner) {
        return switch (unsecured.state()) {
            case BAD_SECRET ->
                "the passphrase differs from that of " + owner
                        + "; set the same one in the caller, where case and blanks count";
            case UNSECURED ->
                "the caller doesn't encrypt, and " + owner + " wants it to; set the passphrase in the caller";
            default ->
                "the caller encrypts, and there is no passphrase for it here; remove it from the caller, or set it for "
                        + owner;
        };
    }

    private static RefusedException refused(RejectReason reason, String explanation) {
        return new RefusedException(new Refusal(reason, explanation));
    }
}
