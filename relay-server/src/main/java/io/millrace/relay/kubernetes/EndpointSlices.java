package io.millrace.relay.kubernetes;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Points services at this pod by writing their EndpointSlices. A service that follows a role has no selector and one slice,
 * which whoever is granted the role writes, with the epoch of the grant as an annotation.
 *
 * <p>A slice under a later epoch is never overwritten: each write names the version that it replaces, so the API server
 * decides between two who believe in their grants. One write moves a service from pod to pod; there is no moment without
 * endpoint, in which traffic would be forgotten rather than moved. A dead owner's slice needs nobody to remove it.
 *
 * <p>Callable from any thread.
 */
public final class EndpointSlices {
    /** What the service's port must be called. */
    public static final String PORT_NAME = "srt";

    private static final Path SERVICE_ACCOUNT = Path.of("/var/run/secrets/kubernetes.io/serviceaccount");
    private static final int ATTEMPTS = 6;
    private static final long FIRST_PAUSE_MILLIS = 50;

    private final Vertx vertx;
    private final ApiServer api;
    private final PodIdentity pod;

    private EndpointSlices(Vertx vertx, ApiServer api, PodIdentity pod) {
        this.vertx = vertx;
        this.api = api;
        this.pod = pod;
    }

    /** Those of this pod's namespace, by the rights of its service account; nothing where this is no pod with such rights. */
    public static Optional<EndpointSlices> inCluster(Vertx vertx) {
        return inCluster(vertx, System.getenv(), SERVICE_ACCOUNT);
    }

    /** @param directory with the files {@code token}, {@code ca.crt} and {@code namespace} */
    static Optional<EndpointSlices> inCluster(Vertx vertx, Map<String, String> environment, Path directory) {
        return ServiceAccount.find(environment, directory)
                .map(account -> new EndpointSlices(
                        vertx, new ApiServer(vertx, account), PodIdentity.of(account.namespace(), environment)));
    }

    /**
     * Points a service at this pod, unless that is done already. Tries again for some seconds where that may help.
     *
     * @param service without selector, in the namespace of this pod
     * @param port UDP port of the listener
     * @param podIp address of this pod, IPv4 or IPv6
     * @param epoch of the grant by which this node serves the role
     * @return fails with a {@link SupersededException} if a later epoch has pointed it elsewhere
     */
    public Future<Void> point(String service, int port, String podIp, long epoch) {
        return attempt(new Slice(pod, service, port, podIp, epoch), 1);
    }

    private Future<Void> attempt(Slice slice, int number) {
        return api.get(path() + "/" + slice.name())
                .compose(present -> write(slice, present.orElse(null)))
                .recover(failure -> {
                    boolean isHopeful = failure instanceof ApiException refused && refused.isWorthRepeating();
                    return isHopeful && number < ATTEMPTS
                            ? pause(FIRST_PAUSE_MILLIS << (number - 1)).compose(over -> attempt(slice, number + 1))
                            : Future.failedFuture(failure);
                });
    }

    /** What is written is read before each attempt: whoever was faster may have a later epoch. */
    private Future<Void> write(Slice slice, @Nullable JsonObject present) {
        if (present == null) {
            return api.post(path(), slice.document(null));
        }
        long epoch = Slice.epochOf(present);
        if (epoch > slice.epoch()) {
            return Future.failedFuture(new SupersededException(slice.name(), slice.epoch(), epoch));
        }
        if (slice.isAlready(present)) {
            return Future.succeededFuture();
        }
        return api.put(path() + "/" + slice.name(), slice.document(Slice.resourceVersionOf(present)));
    }

    private Future<Void> pause(long millis) {
        return vertx.timer(millis, TimeUnit.MILLISECONDS).mapEmpty();
    }

    private String path() {
        return "/apis/discovery.k8s.io/v1/namespaces/" + pod.namespace() + "/endpointslices";
    }
}
