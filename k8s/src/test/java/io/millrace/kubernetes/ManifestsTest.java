package io.millrace.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.millrace.relay.config.ClusterConfig;
import io.millrace.relay.config.ConfigurationSources;
import io.millrace.relay.config.ListenerConfig;
import io.millrace.relay.config.RelayConfig;
import io.millrace.relay.kubernetes.EndpointSlices;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** What is shipped for Kubernetes: whether its API takes it, and whether it fits the relay. */
@Tag("any-jdk")
@Timeout(180)
class ManifestsTest {
    private static final String SINGLE = "single";
    private static final String CLUSTER = "cluster";
    private static final String AUTOSCALED = "autoscaled";
    private static final String HOST_NETWORK = "host-network";
    /** To leave the cluster, and for the JVM to end. */
    private static final int SECONDS_TO_LEAVE = 15;

    private static final Map<String, Manifests> OVERLAYS = new HashMap<>();

    @TempDir
    private Path directory;

    @BeforeAll
    static void render() throws Exception {
        for (String overlay : List.of(SINGLE, CLUSTER, AUTOSCALED, HOST_NETWORK)) {
            OVERLAYS.put(overlay, Manifests.ofOverlay(overlay));
        }
    }

    @Test
    void everyOverlayIsTested() throws Exception {
        try (Stream<Path> overlays = Files.list(Path.of("overlays"))) {
            assertThat(overlays.map(overlay -> overlay.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(OVERLAYS.keySet());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {SINGLE, CLUSTER, AUTOSCALED, HOST_NETWORK})
    void apiKnowsEveryField(String overlay) {
        assertThat(OVERLAYS.get(overlay).objects()).isNotEmpty().allSatisfy(ApiModel::strictly);
    }

    @Test
    void strictnessIsReal() throws Exception {
        JsonNode misspelt = new YAMLMapper()
                .readTree(
                        "{apiVersion: v1, kind: Service, metadata: {name: a}, spec: {ports: [{port: 1, protocoll: UDP}]}}");

        assertThatThrownBy(() -> ApiModel.strictly(misspelt)).hasMessageContaining("protocoll");
    }

    @Test
    void componentsFitTheOverlays() throws Exception {
        Path all = Files.createDirectories(Path.of("target", "with-components"));
        Files.writeString(all.resolve("kustomization.yaml"), """
                apiVersion: kustomize.config.k8s.io/v1beta1
                kind: Kustomization
                resources: [../../overlays/cluster]
                components: [../../components/monitoring, ../../components/priority]
                """);
        Manifests manifests = Manifests.of(all);

        assertThat(manifests.objects())
                .filteredOn(object -> !object.path("apiVersion").asString().startsWith("monitoring.coreos.com/"))
                .allSatisfy(ApiModel::strictly);
        assertThat(pod(manifests).getPriorityClassName()).isEqualTo("millrace");
        JsonNode monitor = custom(manifests, "ServiceMonitor").path("spec");
        Service http = manifests.the(Service.class, "millrace-http");
        monitor.path("selector")
                .path("matchLabels")
                .properties()
                .forEach(label -> assertThat(http.getMetadata().getLabels())
                        .containsEntry(label.getKey(), label.getValue().asString()));
        assertThat(http.getSpec().getPorts())
                .extracting(ServicePort::getName)
                .contains(monitor.path("endpoints").path(0).path("port").asString());
        // The API server would drop what it doesn't know of these in silence, and the model doesn't know them at all.
        assertThat(monitor.propertyNames()).containsExactlyInAnyOrder("selector", "endpoints");
        assertThat(monitor.path("endpoints").path(0).propertyNames())
                .containsExactlyInAnyOrder("port", "path", "interval", "authorization");
        assertThat(withoutSpace(custom(manifests, "PrometheusRule").path("spec")))
                .as("see the top of prometheus-rule.yaml for how to bring it in step")
                .isEqualTo(withoutSpace(new YAMLMapper().readTree(Path.of("..", "conf", "prometheus", "alerts.yaml"))));
    }

    @ParameterizedTest
    @ValueSource(strings = {SINGLE, CLUSTER, AUTOSCALED, HOST_NETWORK})
    void podsHaveNoRightsThatTheyDoNotNeed(String overlay) {
        PodSpec pod = pod(OVERLAYS.get(overlay));
        assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
        assertThat(pod.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
        assertThat(pod.getAutomountServiceAccountToken()).isEqualTo(overlay.equals(CLUSTER));
        Container relay = relay(OVERLAYS.get(overlay));
        assertThat(relay.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
        assertThat(relay.getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
        assertThat(relay.getSecurityContext().getCapabilities().getDrop()).containsExactly("ALL");
        assertThat(relay.getSecurityContext().getCapabilities().getAdd()).isEmpty();
        assertThat(OVERLAYS.get(overlay).all(Role.class)).hasSize(overlay.equals(CLUSTER) ? 1 : 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {SINGLE, CLUSTER, AUTOSCALED, HOST_NETWORK})
    void memoryIsGuaranteedAndProcessorTimeIsNotCutOff(String overlay) {
        var resources = relay(OVERLAYS.get(overlay)).getResources();

        assertThat(resources.getLimits()).containsOnlyKeys("memory");
        assertThat(resources.getRequests())
                .containsKey("cpu")
                .containsEntry("memory", resources.getLimits().get("memory"));
    }

    @ParameterizedTest
    @ValueSource(strings = {SINGLE, CLUSTER, AUTOSCALED, HOST_NETWORK})
    void probesAskForWhatTheRelayAnswers(String overlay) throws Exception {
        JsonNode paths;
        try (InputStream document = EndpointSlices.class.getResourceAsStream("/io/millrace/relay/http/openapi.yaml")) {
            paths = new YAMLMapper().readTree(document).path("paths");
        }
        Container relay = relay(OVERLAYS.get(overlay));
        Set<String> ports =
                relay.getPorts().stream().map(ContainerPort::getName).collect(Collectors.toSet());

        assertThat(List.of(relay.getStartupProbe(), relay.getReadinessProbe(), relay.getLivenessProbe()))
                .extracting(Probe::getHttpGet)
                .allSatisfy(get -> {
                    assertThat(paths.has(get.getPath())).as(get.getPath()).isTrue();
                    assertThat(ports).contains(get.getPort().getStrVal());
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {SINGLE, CLUSTER, AUTOSCALED, HOST_NETWORK})
    void portsAreThoseOfTheConfiguration(String overlay) throws Exception {
        Manifests manifests = OVERLAYS.get(overlay);
        RelayConfig config = configuration(manifests);
        Set<String> expected = new TreeSet<>(Set.of("TCP " + config.http().port()));
        config.listeners().forEach(listener -> expected.add("UDP " + listener.port()));
        // The overlay of one node has them to spare.
        expected.add("TCP " + config.cluster().port());
        expected.add("UDP " + config.cluster().mediaPort());

        assertThat(relay(manifests).getPorts())
                .extracting(port -> port.getProtocol() + " " + port.getContainerPort())
                .containsExactlyInAnyOrderElementsOf(expected);
        if (!overlay.equals(HOST_NETWORK)) {
            assertThat(manifests.all(NetworkPolicy.class).stream()
                            .flatMap(policy -> policy.getSpec().getIngress().stream())
                            .flatMap(rule -> rule.getPorts().stream())
                            .map(ManifestsTest::text))
                    .containsExactlyInAnyOrderElementsOf(expected);
        }
        assertThat(manifests.all(Service.class).stream()
                        .flatMap(service -> service.getSpec().getPorts().stream())
                        .map(port -> port.getProtocol() + " " + port.getPort()))
                .isSubsetOf(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {SINGLE, CLUSTER, AUTOSCALED})
    void nodesPortsAreForNodesAndTheApiIsForNamedNamespaces(String overlay) {
        for (NetworkPolicy policy : OVERLAYS.get(overlay).all(NetworkPolicy.class)) {
            policy.getSpec().getIngress().forEach(rule -> {
                Set<String> ports =
                        rule.getPorts().stream().map(ManifestsTest::text).collect(Collectors.toSet());
                if (ports.contains("TCP 5701") || ports.contains("UDP 8891")) {
                    assertThat(rule.getFrom()).singleElement().satisfies(peer -> {
                        assertThat(peer.getNamespaceSelector()).isNull();
                        assertThat(peer.getIpBlock()).isNull();
                        assertThat(peer.getPodSelector().getMatchLabels())
                                .isEqualTo(policy.getSpec().getPodSelector().getMatchLabels());
                    });
                } else if (ports.contains("TCP 8080")) {
                    assertThat(rule.getFrom())
                            .singleElement()
                            .satisfies(peer -> assertThat(
                                            peer.getNamespaceSelector().getMatchExpressions())
                                    .isNotEmpty());
                }
            });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {SINGLE, CLUSTER, AUTOSCALED, HOST_NETWORK})
    void everySelectorFindsThePods(String overlay) {
        Manifests manifests = OVERLAYS.get(overlay);
        StatefulSet set = manifests.the(StatefulSet.class);
        Map<String, String> labels = set.getSpec().getTemplate().getMetadata().getLabels();

        assertThat(set.getSpec().getSelector().getMatchLabels().entrySet()).isSubsetOf(labels.entrySet());
        assertThat(manifests
                        .the(PodDisruptionBudget.class)
                        .getSpec()
                        .getSelector()
                        .getMatchLabels())
                .isEqualTo(set.getSpec().getSelector().getMatchLabels());
        assertThat(manifests.all(NetworkPolicy.class))
                .allSatisfy(
                        policy -> assertThat(policy.getSpec().getPodSelector().getMatchLabels())
                                .isEqualTo(set.getSpec().getSelector().getMatchLabels()));
        assertThat(manifests.all(Service.class))
                .allSatisfy(service ->
                        assertThat(service.getSpec().getSelector().entrySet()).isSubsetOf(labels.entrySet()));
    }

    @ParameterizedTest
    @ValueSource(strings = {SINGLE, CLUSTER, AUTOSCALED, HOST_NETWORK})
    void drainEndsBeforeThePodIsKilled(String overlay) throws Exception {
        assertThat(pod(OVERLAYS.get(overlay)).getTerminationGracePeriodSeconds())
                .isGreaterThanOrEqualTo(
                        configuration(OVERLAYS.get(overlay)).cluster().drainSeconds() + SECONDS_TO_LEAVE);
    }

    @ParameterizedTest
    @ValueSource(strings = {CLUSTER, AUTOSCALED, HOST_NETWORK})
    void nodesFindEachOtherBeforeTheyAreReady(String overlay) throws Exception {
        Manifests manifests = OVERLAYS.get(overlay);
        ClusterConfig cluster = configuration(manifests).cluster();
        Service nodes = manifests.the(Service.class, "millrace-nodes");

        assertThat(cluster.mode()).isEqualTo(ClusterConfig.Mode.KUBERNETES);
        assertThat(cluster.serviceDns()).isEqualTo("millrace-nodes.millrace.svc.cluster.local");
        assertThat(nodes.getSpec().getClusterIP()).isEqualTo("None");
        assertThat(nodes.getSpec().getPublishNotReadyAddresses()).isTrue();
        assertThat(manifests.the(StatefulSet.class).getSpec().getServiceName()).isEqualTo("millrace-nodes");
        assertThat(manifests.the(StatefulSet.class).getSpec().getPodManagementPolicy())
                .isEqualTo("Parallel");
    }

    @Test
    void quorumKnowsHowManyNodesThereAre() throws Exception {
        for (String overlay : List.of(CLUSTER, HOST_NETWORK)) {
            assertThat(OVERLAYS.get(overlay).the(StatefulSet.class).getSpec().getReplicas())
                    .isEqualTo(configuration(OVERLAYS.get(overlay)).cluster().nodes());
        }
        Manifests autoscaled = OVERLAYS.get(AUTOSCALED);
        assertThat(autoscaled.the(HorizontalPodAutoscaler.class).getSpec().getMaxReplicas())
                .isEqualTo(configuration(autoscaled).cluster().nodes());
        assertThat(autoscaled.the(StatefulSet.class).getSpec().getReplicas()).isNull();
        assertThat(configuration(autoscaled).listeners())
                .noneMatch(listener -> listener.role().exclusive());
    }

    @Test
    void scalingInIsSlow() {
        var down = OVERLAYS.get(AUTOSCALED)
                .the(HorizontalPodAutoscaler.class)
                .getSpec()
                .getBehavior()
                .getScaleDown();

        assertThat(down.getStabilizationWindowSeconds()).isGreaterThanOrEqualTo(600);
        assertThat(down.getPolicies()).singleElement().satisfies(policy -> {
            assertThat(policy.getType()).isEqualTo("Pods");
            assertThat(policy.getValue()).isEqualTo(1);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {SINGLE, CLUSTER, AUTOSCALED, HOST_NETWORK})
    void rolesHaveServicesWithoutSelectorAndNobodyElseHas(String overlay) throws Exception {
        Manifests manifests = OVERLAYS.get(overlay);
        Set<String> ofRoles = new HashSet<>();
        for (ListenerConfig listener : configuration(manifests).listeners()) {
            String name = listener.role().service();
            if (name != null) {
                Service service = manifests.the(Service.class, name);
                assertThat(service.getSpec().getExternalTrafficPolicy()).isEqualTo("Local");
                assertThat(service.getSpec().getPorts()).singleElement().satisfies(port -> {
                    assertThat(port.getName()).isEqualTo(EndpointSlices.PORT_NAME);
                    assertThat(port.getProtocol()).isEqualTo("UDP");
                    assertThat(port.getTargetPort().getIntVal()).isEqualTo(listener.port());
                });
                ofRoles.add(name);
            }
        }

        assertThat(manifests.all(Service.class))
                .filteredOn(service -> service.getSpec().getSelector().isEmpty())
                .extracting(service -> service.getMetadata().getName())
                .containsExactlyInAnyOrderElementsOf(ofRoles);
        assertThat(ofRoles).hasSize(overlay.equals(CLUSTER) ? 2 : 0);
    }

    @Test
    void podsOnTheHostsNetworkDoWithoutWhatDoesNotHoldThere() {
        Manifests manifests = OVERLAYS.get(HOST_NETWORK);
        PodSpec pod = pod(manifests);

        assertThat(pod.getHostNetwork()).isTrue();
        assertThat(pod.getDnsPolicy()).isEqualTo("ClusterFirstWithHostNet");
        assertThat(relay(manifests).getPorts())
                .allSatisfy(port -> assertThat(port.getHostPort()).isEqualTo(port.getContainerPort()));
        assertThat(manifests.all(NetworkPolicy.class)).isEmpty();
        assertThat(manifests.all(Service.class))
                .extracting(service -> service.getMetadata().getName())
                .containsExactlyInAnyOrder("millrace-nodes", "millrace-http");
    }

    @ParameterizedTest
    @ValueSource(strings = {SINGLE, CLUSTER, AUTOSCALED, HOST_NETWORK})
    void everySecretIsMountedAndTheReadmeSaysHowToMakeIt(String overlay) throws Exception {
        Manifests manifests = OVERLAYS.get(overlay);
        Container relay = relay(manifests);
        String secrets = relay.getVolumeMounts().stream()
                .filter(mount -> mount.getName().equals("secrets"))
                .findFirst()
                .orElseThrow()
                .getMountPath();
        String readme = Files.readString(Path.of("README.md"));

        assertThat(Pattern.compile("file:([^\"]+)")
                        .matcher(manifests.the(ConfigMap.class).getData().get("millrace.yaml"))
                        .results()
                        .map(match -> Path.of(match.group(1))))
                .isNotEmpty()
                .allSatisfy(file -> {
                    assertThat(file.getParent()).isEqualTo(Path.of(secrets));
                    assertThat(readme).contains("--from-literal=" + file.getFileName() + "=");
                });
        assertThat(relay.getArgs())
                .contains(relay.getVolumeMounts().stream()
                                .filter(mount -> mount.getName().equals("config"))
                                .findFirst()
                                .orElseThrow()
                                .getMountPath()
                        + "/millrace.yaml");
    }

    /** As the relay in the first pod loads it. */
    private RelayConfig configuration(Manifests manifests) throws Exception {
        Path file = directory.resolve("millrace.yaml");
        for (String secret : List.of("cluster-secret", "monitoring-token", "admin-token")) {
            Files.writeString(directory.resolve(secret), "0123456789abcdef-" + secret);
        }
        Files.writeString(
                file,
                manifests
                        .the(ConfigMap.class)
                        .getData()
                        .get("millrace.yaml")
                        .replace("/run/secrets/millrace/", directory + "/"));
        Map<String, String> environment = new HashMap<>();
        for (EnvVar variable : relay(manifests).getEnv()) {
            environment.put(variable.getName(), value(variable, environment));
        }
        return new ConfigurationSources(file, environment, List.of()).load();
    }

    private static String value(EnvVar variable, Map<String, String> before) {
        if (variable.getValueFrom() == null) {
            return Pattern.compile("\\$\\((\\w+)\\)")
                    .matcher(variable.getValue())
                    .replaceAll(reference -> before.get(reference.group(1)));
        }
        return switch (variable.getValueFrom().getFieldRef().getFieldPath()) {
            case "metadata.name" -> "millrace-0";
            case "metadata.namespace" -> "millrace";
            case "status.podIP" -> "10.1.2.3";
            case "spec.nodeName" -> "worker-7";
            default -> throw new AssertionError(variable);
        };
    }

    private static JsonNode custom(Manifests manifests, String kind) {
        return manifests.objects().stream()
                .filter(object -> object.path("kind").asString().equals(kind))
                .findFirst()
                .orElseThrow();
    }

    /** Rendering sorts keys, and doubles line breaks in folded text, which mean nothing here. */
    private static String withoutSpace(JsonNode rules) {
        JsonMapper sorted = JsonMapper.builder()
                .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
                .build();
        return sorted.writeValueAsString(sorted.treeToValue(rules, Object.class))
                .replaceAll("\\\\n|\\s", "");
    }

    private static PodSpec pod(Manifests manifests) {
        return manifests.the(StatefulSet.class).getSpec().getTemplate().getSpec();
    }

    private static Container relay(Manifests manifests) {
        return pod(manifests).getContainers().get(0);
    }

    private static String text(NetworkPolicyPort port) {
        return port.getProtocol() + " " + port.getPort().getIntVal();
    }
}
