package io.millrace.relay.kubernetes;

import io.millrace.relay.config.SecretReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the API server is, and what a pod proves itself with there.
 *
 * @param host name or address as in a URL
 * @param token read again whenever it has changed: the one that a pod starts with is valid for an hour
 * @param authority PEM file of who vouches for the server
 * @param namespace of the pod
 */
record ServiceAccount(String host, int port, SecretReference token, Path authority, String namespace) {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceAccount.class);

    /**
     * The one of this pod.
     *
     * @param environment of a process in a pod
     * @param directory where Kubernetes puts the account's files
     * @return nothing if this is no pod, or one that is given no token (automountServiceAccountToken: false)
     */
    static Optional<ServiceAccount> find(Map<String, String> environment, Path directory) {
        String host = environment.get("KUBERNETES_SERVICE_HOST");
        String port = environment.get("KUBERNETES_SERVICE_PORT");
        Path token = directory.resolve("token");
        if (host == null || port == null || !Files.exists(token)) {
            return Optional.empty();
        }
        try {
            return Optional.of(new ServiceAccount(
                    host.contains(":") ? "[" + host + "]" : host,
                    Integer.parseInt(port),
                    SecretReference.of("file:" + token),
                    directory.resolve("ca.crt"),
                    Files.readString(directory.resolve("namespace")).strip()));
        } catch (IOException | NumberFormatException e) {
            LOG.warn("The Kubernetes API can't be used: {}", e.toString());
            return Optional.empty();
        }
    }
}
