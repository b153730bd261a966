package io.millrace.relay.interop;

import static io.millrace.relay.interop.TransportStreamFile.PACKET_BYTES;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.relay.ts.TsPacket;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Timeout;

/** What real players see of a stream of pictures that they join wherever it happens to be. */
@Timeout(120)
class JoinIT {
    private static final int LATENCY_MILLIS = 120;
    private static final int VIDEO_PID = 0x100;
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final String STREAM = "gop";

    private static RelayProcess relay;
    private static ProgramProcess publisher;

    @BeforeAll
    static void start() {
        relay = RelayProcess.start();
        List<String> command = new ArrayList<>(List.of("ffmpeg", "-hide_banner", "-nostats", "-re"));
        command.addAll(List.of("-f", "lavfi", "-i", "testsrc2=size=640x360:rate=25"));
        command.addAll(List.of("-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000"));
        command.addAll(List.of("-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency"));
        // A picture that can be begun with every two seconds.
        command.addAll(List.of("-pix_fmt", "yuv420p", "-g", "50", "-b:v", "3000k", "-c:a", "aac"));
        SrtAddress to = RelayProcess.publishing(relay.port(), STREAM, LATENCY_MILLIS);
        command.addAll(List.of("-f", "mpegts", "-srt_streamid", to.streamId(), to.forFfmpeg()));
        publisher = ProgramProcess.start(command, "ffmpeg", Redirect.PIPE, "Output #0");
        publisher.awaitConnected(TIMEOUT);
        relay.awaitRandomAccess(STREAM);
    }

    @AfterAll
    static void stop() {
        publisher.close();
        relay.close();
    }

    @RepeatedTest(2)
    void aDecoderHasNothingToComplainOf() {
        List<String> command = new ArrayList<>(List.of("ffmpeg", "-hide_banner", "-nostats", "-loglevel", "error"));
        command.addAll(reading());
        command.addAll(List.of("-map", "0", "-frames:v", "30", "-f", "null", "-"));
        try (ProgramProcess player = ProgramProcess.start(command, "ffmpeg", Redirect.PIPE)) {
            player.awaitSuccess(TIMEOUT);

            assertThat(player.lastMessages()).isEmpty();
        }
    }

    @RepeatedTest(2)
    void theFirstPictureIsOneToBeginWith() {
        List<String> command = new ArrayList<>(List.of("ffprobe", "-loglevel", "error", "-select_streams", "v:0"));
        command.addAll(List.of("-read_intervals", "%+#3", "-show_entries", "frame=key_frame", "-of", "csv=p=0"));
        command.addAll(reading());
        try (ProgramProcess probe = ProgramProcess.start(command, "ffmpeg", Redirect.PIPE)) {
            probe.awaitSuccess(TIMEOUT);

            // A frame with side data is followed by an empty line.
            assertThat(probe.lastMessages()
                            .lines()
                            .filter(line -> !line.isBlank())
                            .map(line -> line.substring(0, 1)))
                    .startsWith("1")
                    .contains("0");
        }
    }

    @RepeatedTest(2)
    void thereIsAPictureAtOnce() throws IOException {
        SrtAddress from = RelayProcess.requesting(relay.port(), STREAM, LATENCY_MILLIS);
        try (ProgramProcess player = ProgramProcess.startWithMediaOnOutput(
                RealClient.SRT_LIVE_TRANSMIT.subscribing(from, Path.of("standard output")), "srt-tools", "\0")) {
            byte[] packet = new byte[PACKET_BYTES];
            InputStream media = player.output();
            List<Integer> pids = new ArrayList<>();
            int pictures = 0;
            // The first picture is whole when the second one begins.
            while (pictures < 2) {
                assertThat(media.readNBytes(packet, 0, PACKET_BYTES)).isEqualTo(PACKET_BYTES);
                pids.add(TsPacket.pid(packet, 0));
                if (TsPacket.pid(packet, 0) == VIDEO_PID && TsPacket.startsUnit(packet, 0)) {
                    pictures++;
                    assertThat(pictures > 1 || TsPacket.isRandomAccess(packet, 0))
                            .isTrue();
                }
            }
            Instant now = Instant.now();
            List<JsonObject> subscribers = relay.subscribers(STREAM);
            JsonObject subscriber = subscribers.get(subscribers.size() - 1);
            long millis = Duration.between(Instant.parse(subscriber.getString("since")), now)
                    .toMillis();
            System.out.println("first picture after " + millis + " ms, of which the latency is " + LATENCY_MILLIS + "; "
                    + subscriber.getJsonObject("join"));

            assertThat(pids.get(0)).isZero();
            assertThat(pids.get(2)).isEqualTo(VIDEO_PID);
            // It would be a second on average without; 300 ms is meant, and more is for a machine that is busy.
            assertThat(millis).isLessThan(1_000);
        }
    }

    private static List<String> reading() {
        SrtAddress from = RelayProcess.requesting(relay.port(), STREAM, LATENCY_MILLIS);
        return List.of("-srt_streamid", from.streamId(), "-i", from.forFfmpeg());
    }
}
