package io.millrace.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.hazelcast.config.Config;
import com.hazelcast.config.MemberAttributeConfig;
import com.hazelcast.config.NetworkConfig;
import com.hazelcast.config.YamlConfigBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/** Makes Hazelcast's configuration of a YAML file and the relay's settings. */
final class HazelcastConfigs {
    static final String QUORUM = "quorum";
    static final String NODE_ID = "millrace.node";
    static final String INCARNATION = "millrace.incarnation";
    static final String SRT_ADDRESS = "millrace.srt";
    static final String HTTP_ADDRESS = "millrace.http";

    // The name travels in clear, so guessing the secret from it must be slow, and many secrets lead to the same name.
    private static final int SECRET_ITERATIONS = 20_000;
    private static final int SECRET_BITS = 32;

    private HazelcastConfigs() {}

    static Config of(ClusterSettings settings, NodeIdentity self) {
        Config config = read(
                switch (settings.mode()) {
                    case ONE_HOST -> "hazelcast-one-host.yaml";
                    case STATIC_HOSTS -> "hazelcast-static-hosts.yaml";
                    case KUBERNETES -> "hazelcast-kubernetes.yaml";
                });
        config.setClusterName(settings.name() + "-" + fingerprint(settings));
        config.setMemberAttributeConfig(new MemberAttributeConfig()
                .setAttribute(NODE_ID, self.nodeId())
                .setAttribute(INCARNATION, self.incarnation())
                .setAttribute(SRT_ADDRESS, text(self.srtAddress()))
                .setAttribute(HTTP_ADDRESS, text(self.httpAddress())));
        setNetwork(config, settings);
        setQuorum(config, settings);
        HazelcastSerializers.addTo(config.getSerializationConfig());
        return config;
    }

    static String text(InetSocketAddress address) {
        return address.getHostString() + ":" + address.getPort();
    }

    static InetSocketAddress address(String text) {
        int colon = text.lastIndexOf(':');
        return InetSocketAddress.createUnresolved(
                text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
    }

    private static Config read(String file) {
        try (InputStream yaml = HazelcastConfigs.class.getResourceAsStream(file)) {
            return new YamlConfigBuilder(yaml).build();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void setNetwork(Config config, ClusterSettings settings) {
        NetworkConfig network = config.getNetworkConfig();
        network.setPort(settings.port());
        if (!settings.bindAddress().isEmpty() && !settings.bindAddress().equals("0.0.0.0")) {
            config.setProperty("hazelcast.local.localAddress", settings.bindAddress());
            // Without these two the port is open at all addresses, and connections come from any.
            config.setProperty("hazelcast.socket.bind.any", "false");
            config.setProperty("hazelcast.socket.client.bind.any", "false");
        }
        if (!settings.publicAddress().isEmpty()) {
            network.setPublicAddress(settings.publicAddress());
        }
        switch (settings.mode()) {
            case ONE_HOST ->
                network.getJoin().getTcpIpConfig().clear().addMember(settings.bindAddress() + ":" + settings.port());
            case STATIC_HOSTS -> network.getJoin().getTcpIpConfig().setMembers(settings.members());
            case KUBERNETES ->
                network.getJoin().getKubernetesConfig().setProperty("service-dns", settings.serviceDns());
        }
    }

    private static void setQuorum(Config config, ClusterSettings settings) {
        int quorum = settings.effectiveQuorum();
        if (quorum > 1) {
            config.getSplitBrainProtectionConfig(QUORUM).setMinimumClusterSize(quorum);
        } else {
            config.getSplitBrainProtectionConfigs().clear();
            config.getMapConfigs().values().forEach(map -> map.setSplitBrainProtectionName(null));
        }
    }

    private static String fingerprint(ClusterSettings settings) {
        try {
            PBEKeySpec spec = new PBEKeySpec(
                    settings.secret().toCharArray(),
                    ("millrace cluster " + settings.name()).getBytes(UTF_8),
                    SECRET_ITERATIONS,
                    SECRET_BITS);
            byte[] key = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(spec)
                    .getEncoded();
            return HexFormat.of().formatHex(key);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java runtime has PBKDF2", e);
        }
    }
}
