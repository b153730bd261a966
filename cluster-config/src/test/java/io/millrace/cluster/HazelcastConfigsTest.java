package io.millrace.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hazelcast.config.Config;
import io.millrace.cluster.ClusterSettings.Mode;
import java.io.InputStream;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class HazelcastConfigsTest {
    private static final NodeIdentity SELF = NodeIdentity.alone("n1");
    private static final Pattern KEY = Pattern.compile("\\s*(- )?[a-z][A-Za-z.-]*:( .*)?");

    private static ClusterSettings settings(Mode mode, int nodes, int quorum, String secret) {
        return new ClusterSettings(
                mode,
                "studio",
                secret,
                List.of("10.0.0.1", "10.0.0.2:5800"),
                "10.0.0.1",
                5800,
                "",
                "millrace.tv.svc.cluster.local",
                nodes,
                quorum);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hazelcast-common.yaml",
                "hazelcast-one-host.yaml",
                "hazelcast-static-hosts.yaml",
                "hazelcast-kubernetes.yaml"
            })
    void everyKeyIsExplained(String file) throws Exception {
        List<String> lines;
        try (InputStream yaml = HazelcastConfigs.class.getResourceAsStream(file)) {
            lines = new String(yaml.readAllBytes(), UTF_8).lines().toList();
        }
        for (int i = 1; i < lines.size(); i++) {
            if (KEY.matcher(lines.get(i)).matches()) {
                assertThat(lines.get(i - 1).strip()).as("above " + lines.get(i)).startsWith("#");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void eachWayOfFindingNodesHasTheTimesThatWereMeasuredAndNoExtras(Mode mode) {
        Config config = HazelcastConfigs.of(settings(mode, 5, 0, "s"), SELF);

        assertThat(config.getProperty("hazelcast.max.no.heartbeat.seconds")).isEqualTo("3");
        assertThat(config.getProperty("hazelcast.connection.monitor.max.faults"))
                .isEqualTo("1");
        assertThat(config.getProperty("hazelcast.phone.home.enabled")).isEqualTo("false");
        assertThat(config.getProperty("hazelcast.logging.type")).isEqualTo("slf4j");
        assertThat(config.getProperty("hazelcast.tcp.join.port.try.count"))
                .isEqualTo(
                        switch (mode) {
                            case ONE_HOST -> "10";
                            case STATIC_HOSTS -> "1";
                            case KUBERNETES -> null;
                        });
        assertThat(config.getMetricsConfig().isEnabled()).isFalse();
        assertThat(config.getJetConfig().isEnabled()).isFalse();
        assertThat(config.getNetworkConfig().getMemcacheProtocolConfig().isEnabled())
                .isFalse();
        assertThat(config.getNetworkConfig().getJoin().getMulticastConfig().isEnabled())
                .isFalse();
        assertThat(config.getNetworkConfig().getJoin().getAutoDetectionConfig().isEnabled())
                .isFalse();
        assertThat(config.getSplitBrainProtectionConfig("quorum").getMinimumClusterSize())
                .isEqualTo(3);
        assertThat(config.getMapConfig("roles").getSplitBrainProtectionName()).isEqualTo("quorum");
        assertThat(config.getMapConfig("streams").getSplitBrainProtectionName()).isNull();
    }

    @Test
    void staticHostsAreJoinedAtTheirPorts() {
        Config config = HazelcastConfigs.of(settings(Mode.STATIC_HOSTS, 2, 0, ""), SELF);

        assertThat(config.getNetworkConfig().getJoin().getTcpIpConfig().getMembers())
                .containsExactly("10.0.0.1", "10.0.0.2:5800");
        assertThat(config.getNetworkConfig().getPort()).isEqualTo(5800);
        assertThat(config.getProperty("hazelcast.local.localAddress")).isEqualTo("10.0.0.1");
        assertThat(config.getProperty("hazelcast.socket.bind.any")).isEqualTo("false");
    }

    @Test
    void podsAreFoundByTheNameOfTheirService() {
        Config config = HazelcastConfigs.of(settings(Mode.KUBERNETES, 3, 0, ""), SELF);

        assertThat(config.getNetworkConfig().getJoin().getKubernetesConfig().getProperties())
                .containsEntry("service-dns", "millrace.tv.svc.cluster.local");
        assertThat(config.getNetworkConfig().getJoin().getTcpIpConfig().isEnabled())
                .isFalse();
    }

    @Test
    void quorumOfOneIsNone() {
        Config config = HazelcastConfigs.of(settings(Mode.STATIC_HOSTS, 2, 1, ""), SELF);

        assertThat(config.getSplitBrainProtectionConfigs()).isEmpty();
        assertThat(config.getMapConfig("roles").getSplitBrainProtectionName()).isNull();
    }

    @Test
    void anotherSecretIsAnotherClusterAndIsNotShown() {
        String one = HazelcastConfigs.of(settings(Mode.STATIC_HOSTS, 2, 0, "opensesame"), SELF)
                .getClusterName();
        String other = HazelcastConfigs.of(settings(Mode.STATIC_HOSTS, 2, 0, "openbarley"), SELF)
                .getClusterName();

        assertThat(one).startsWith("studio-").doesNotContain("opensesame").isNotEqualTo(other);
        assertThat(settings(Mode.STATIC_HOSTS, 2, 0, "opensesame").toString()).doesNotContain("opensesame");
    }

    @Test
    void settingsThatCanNotWorkAreRefused() {
        assertThatThrownBy(() -> settings(Mode.ONE_HOST, 3, 4, "")).hasMessageContaining("quorum");
        assertThatThrownBy(() -> settings(Mode.ONE_HOST, 0, 0, "")).hasMessageContaining("nodes");
        assertThatThrownBy(() ->
                        new ClusterSettings(Mode.STATIC_HOSTS, "n", "", List.of(), "10.0.0.1", 5701, "", "", 3, 0))
                .hasMessageContaining("members");
    }
}
