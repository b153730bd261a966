package io.millrace.relay.config;

import static java.util.stream.Collectors.toCollection;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Everything that can be set about a relay. A value is complete and valid: it comes from {@link ConfigurationSources}, and
 * its component names are the keys of the YAML file, where {@code conf/millrace.yaml} explains each of them.
 *
 * @param listeners the UDP ports that callers reach; at least one, names and addresses are unique
 * @param http where the API and the pages are served
 * @param srt what every SRT connection of this relay starts from
 * @param streams how streams treat their publishers and subscribers
 * @param access who may publish and request what
 * @param limits how much the relay takes on before it refuses
 * @param cluster the nodes that work together
 * @param transport sockets and event loops
 * @param metrics what is measured for Prometheus
 * @param log what is logged
 */
public record RelayConfig(
        List<ListenerConfig> listeners,
        HttpConfig http,
        SrtConfig srt,
        StreamsConfig streams,
        AccessConfig access,
        LimitsConfig limits,
        ClusterConfig cluster,
        TransportConfig transport,
        MetricsConfig metrics,
        LogConfig log) {

    /** What there is to set. */
    static final Shape.Keys SHAPE = Section.shape(RelayConfig::bind);

    public RelayConfig {
        listeners = List.copyOf(listeners);
    }

    /** The configuration of a relay that was told nothing. */
    public static RelayConfig defaults() {
        return bind(Section.empty());
    }

    /** As a YAML file that loads to the same configuration. Values of secret keys are hidden. */
    public String toYaml() {
        return YamlWriter.write(this);
    }

    /** As JSON with the same members. Values of secret keys are hidden. */
    public String toJson() {
        return JsonWriter.write(this);
    }

    /** What is allowed but hardly meant, a line each, without secrets. Reads the files that secrets are in. */
    public List<String> warnings() {
        List<String> lines = new ArrayList<>(PassphraseWarnings.of(this));
        lines.addAll(ApiWarnings.of(http));
        return List.copyOf(lines);
    }

    /** Whether nothing at all keeps anybody from publishing and requesting. */
    public boolean letsEverybodyIn() {
        return access.otherwise() == AccessConfig.Otherwise.ALLOW
                && access.rules().isEmpty()
                && access.webhook().url() == null
                && listeners.stream()
                        .anyMatch(listener -> listener.passphrase() == null
                                && listener.allow().isEmpty());
    }

    /** The keys whose values differ in another configuration, with all that is above them. */
    public List<String> changesTo(RelayConfig other) {
        return ConfigurationChanges.between(this, other);
    }

    static RelayConfig bind(Section keys) {
        List<ListenerConfig> listeners = listeners(keys);
        Set<String> names = listeners.stream().map(ListenerConfig::name).collect(toCollection(LinkedHashSet::new));
        return new RelayConfig(
                listeners,
                keys.section("http", HttpConfig::bind),
                keys.section("srt", SrtConfig::bind),
                keys.section("streams", StreamsConfig::bind),
                keys.section("access", access -> AccessConfig.bind(access, names)),
                keys.section("limits", LimitsConfig::bind),
                keys.section("cluster", ClusterConfig::bind),
                keys.section("transport", TransportConfig::bind),
                keys.section("metrics", MetricsConfig::bind),
                keys.section("log", LogConfig::bind));
    }

    private static List<ListenerConfig> listeners(Section keys) {
        Set<String> names = new HashSet<>();
        Set<InetSocketAddress> addresses = new HashSet<>();
        return keys.list("listeners", entry -> {
            ListenerConfig listener = ListenerConfig.bind(entry);
            // A key that was refused has its default now, and would be reported as taken a second time.
            if (entry.isSound()) {
                if (!names.add(listener.name())) {
                    entry.refuse("name", listener.name(), "a name that no other listener has");
                }
                if (listener.port() != 0 && !addresses.add(listener.address())) {
                    String found = HostAndPort.text(listener.host(), listener.port());
                    entry.refuse("port", found, "an address and port that no other listener has");
                }
            }
            return listener;
        });
    }
}
