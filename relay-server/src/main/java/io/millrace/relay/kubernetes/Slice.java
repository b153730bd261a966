package io.millrace.relay.kubernetes;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * The EndpointSlice that points a service at one pod.
 *
 * @param service that has no selector, and a port named {@link EndpointSlices#PORT_NAME}
 * @param port UDP port of the pod
 * @param podIp its address, IPv4 or IPv6
 * @param epoch under which the pod serves the role
 */
record Slice(PodIdentity pod, String service, int port, String podIp, long epoch) {
    private static final String EPOCH = "millrace.io/epoch";

    /** Nobody else makes slices of this name: a controller's end in random letters. */
    String name() {
        return service + "-millrace";
    }

    /** The epoch under which somebody wrote this slice; 0 where no number says so, which everybody may overwrite. */
    static long epochOf(JsonObject written) {
        JsonObject annotations = object(object(written, "metadata"), "annotations");
        try {
            return Long.parseLong(String.valueOf(annotations.getValue(EPOCH)));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    static @Nullable String resourceVersionOf(JsonObject written) {
        return object(written, "metadata").getValue("resourceVersion") instanceof String version ? version : null;
    }

    /** Whether everything that this slice says is written already. */
    boolean isAlready(JsonObject written) {
        return epochOf(written) == epoch
                && endpoints().equals(written.getValue("endpoints"))
                && ports().equals(written.getValue("ports"));
    }

    /** @param resourceVersion that it replaces, and no other; null if there must be none */
    JsonObject document(@Nullable String resourceVersion) {
        JsonObject metadata = new JsonObject()
                .put("name", name())
                .put("namespace", pod.namespace())
                .put(
                        "labels",
                        new JsonObject()
                                .put("kubernetes.io/service-name", service)
                                // Kubernetes' own controller leaves what another one manages alone.
                                .put("endpointslice.kubernetes.io/managed-by", "millrace"))
                .put("annotations", new JsonObject().put(EPOCH, Long.toString(epoch)));
        if (resourceVersion != null) {
            metadata.put("resourceVersion", resourceVersion);
        }
        return new JsonObject()
                .put("apiVersion", "discovery.k8s.io/v1")
                .put("kind", "EndpointSlice")
                .put("metadata", metadata)
                .put("addressType", podIp.contains(":") ? "IPv6" : "IPv4")
                .put("endpoints", endpoints())
                .put("ports", ports());
    }

    private JsonArray endpoints() {
        JsonObject endpoint = new JsonObject()
                .put("addresses", new JsonArray().add(podIp))
                .put("conditions", new JsonObject().put("ready", true));
        // By the machine's name a service with externalTrafficPolicy Local tells which machines to take traffic on, and
        // by
        // the pod some load balancers find where to send to. Without them neither sends anything here.
        if (pod.nodeName() != null) {
            endpoint.put("nodeName", pod.nodeName());
        }
        if (pod.name() != null) {
            endpoint.put(
                    "targetRef",
                    new JsonObject()
                            .put("kind", "Pod")
                            .put("namespace", pod.namespace())
                            .put("name", pod.name()));
        }
        return new JsonArray().add(endpoint);
    }

    private JsonArray ports() {
        return new JsonArray()
                .add(new JsonObject()
                        .put("name", EndpointSlices.PORT_NAME)
                        .put("protocol", "UDP")
                        .put("port", port));
    }

    private static JsonObject object(JsonObject parent, String key) {
        return parent.getValue(key) instanceof JsonObject child ? child : new JsonObject();
    }
}
