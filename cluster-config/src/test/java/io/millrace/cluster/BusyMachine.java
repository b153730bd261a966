package io.millrace.cluster;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import com.hazelcast.config.Config;
import com.hazelcast.config.SplitBrainProtectionConfig;
import com.hazelcast.splitbrainprotection.SplitBrainProtectionOn;

/**
 * Times that bear a machine with too much to do: tests that share its processors must not look like nodes that fall
 * silent. All are two to three times those meant for use, and stand to each other as those do.
 */
final class BusyMachine {
    static final LeaseTimes LEASE_TIMES = new LeaseTimes(
            MILLISECONDS.toNanos(300),
            MILLISECONDS.toNanos(3_000),
            MILLISECONDS.toNanos(15_000),
            MILLISECONDS.toNanos(18_000),
            MILLISECONDS.toNanos(6_500),
            MILLISECONDS.toNanos(5_500),
            MILLISECONDS.toNanos(8_000),
            MILLISECONDS.toNanos(1_000),
            MILLISECONDS.toNanos(40),
            MILLISECONDS.toNanos(2_000));

    private BusyMachine() {}

    static Config adjust(Config config) {
        int quorum =
                config.getSplitBrainProtectionConfig(HazelcastConfigs.QUORUM).getMinimumClusterSize();
        config.addSplitBrainProtectionConfig(
                SplitBrainProtectionConfig.newRecentlyActiveSplitBrainProtectionConfigBuilder(
                                HazelcastConfigs.QUORUM, quorum, 3_000)
                        .build()
                        .setProtectOn(SplitBrainProtectionOn.WRITE)
                        .setEnabled(true));
        return config.setProperty("hazelcast.max.no.heartbeat.seconds", "6")
                .setProperty("hazelcast.operation.call.timeout.millis", "10000")
                .setProperty("hazelcast.wait.seconds.before.join", "0");
    }
}
