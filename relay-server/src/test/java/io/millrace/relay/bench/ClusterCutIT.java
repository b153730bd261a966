package io.millrace.relay.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Three packaged relays in network namespaces, one of which is cut off from the others and comes back. */
@Tag("untimed")
@Timeout(600)
class ClusterCutIT {
    @Test
    void neverTwoOwnersOfARoleAndConnectionsGoOn() throws Exception {
        List<String> command = new ArrayList<>(NetworkNamespaces.entry());
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(CutDrill.class.getName(), System.getProperty("millrace.jar"), "1", "1"));
        Process drill = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            String output = new String(drill.getInputStream().readAllBytes(), UTF_8);
            System.out.print(output);

            assertThat(drill.waitFor()).as(output).isZero();
            assertThat(output).contains("1 cuts of the owner, 1 of a standby; two owners: 0.000 s");
        } finally {
            drill.descendants().forEach(ProcessHandle::destroyForcibly);
            drill.destroyForcibly();
        }
    }
}
