package io.millrace.relay.kubernetes;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which pod this is.
 *
 * @param name null if nobody said so
 * @param nodeName of the machine that it runs on; null if nobody said so
 */
record PodIdentity(
        String namespace, @Nullable String name, @Nullable String nodeName) {
    /** Set by the manifest; the host's name would be the machine's where the pod shares its network. */
    private static final String NAME = "KUBERNETES_POD_NAME";

    private static final String NODE_NAME = "KUBERNETES_NODE_NAME";

    static PodIdentity of(String namespace, Map<String, String> environment) {
        return new PodIdentity(namespace, environment.get(NAME), environment.get(NODE_NAME));
    }
}
