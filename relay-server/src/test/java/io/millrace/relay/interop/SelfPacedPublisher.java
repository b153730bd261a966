package io.millrace.relay.interop;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A program that plays a file by the file's own clock, as people do it, and hangs up at its end: what a receiver has
 * not played by then it may throw away.
 */
final class SelfPacedPublisher implements AutoCloseable {
    private final ProgramProcess process;
    private final Path sent;
    private final boolean sentIsOurs;

    private SelfPacedPublisher(ProgramProcess process, Path sent, boolean sentIsOurs) {
        this.process = process;
        this.sent = sent;
        this.sentIsOurs = sentIsOurs;
    }

    /**
     * ffmpeg parses the clip and multiplexes it anew, so the clip's bytes are not what it sends. A second output with
     * the same settings writes them into a file: the multiplexer only depends on what comes in. {@code linger} makes it
     * wait at the end until everything is acknowledged; without it the last part is lost.
     */
    static SelfPacedPublisher ffmpegRemuxing(SrtAddress to, TransportStreamFile clip) throws IOException {
        Path reference = Files.createTempFile("sent-by-ffmpeg-", ".ts");
        List<String> command = List.of(
                "ffmpeg",
                "-y",
                "-hide_banner",
                "-nostats",
                "-re",
                "-i",
                clip.path().toString(),
                "-map",
                "0",
                "-c",
                "copy",
                "-f",
                "mpegts",
                reference.toString(),
                "-map",
                "0",
                "-c",
                "copy",
                "-f",
                "mpegts",
                "-srt_streamid",
                to.streamId(),
                to.forFfmpeg() + "&linger=5");
        ProgramProcess process = ProgramProcess.start(command, "ffmpeg", Redirect.PIPE, "Output #1");
        return new SelfPacedPublisher(process, reference, true);
    }

    /** GStreamer sends the clip's own bytes, at the pace of its PCRs. Its tail is lost at a receiver that drops it. */
    static SelfPacedPublisher gstreamerByPcr(SrtAddress to, TransportStreamFile clip) {
        List<String> command = List.of(
                "gst-launch-1.0",
                "filesrc",
                "location=" + clip.path(),
                "!",
                "tsparse",
                "set-timestamps=true",
                "alignment=7",
                "!",
                "srtsink",
                "uri=" + to.forGStreamer(),
                "streamid=" + to.streamId(),
                "latency=" + to.latencyMillis(),
                "auto-reconnect=false");
        ProgramProcess process = ProgramProcess.start(
                command,
                "gstreamer1.0-tools and gstreamer1.0-plugins-bad",
                Redirect.PIPE,
                RealClient.GSTREAMER.connectedAsPublisher(to));
        return new SelfPacedPublisher(process, clip.path(), false);
    }

    void awaitConnected(Duration timeout) {
        process.awaitConnected(timeout);
    }

    /** Returns when the program has ended of itself. */
    void awaitEnd(Duration timeout) {
        process.awaitSuccess(timeout);
    }

    /** What the program puts on the wire; complete after {@link #awaitEnd}. */
    Path sent() {
        return sent;
    }

    @Override
    public void close() throws IOException {
        process.close();
        if (sentIsOurs) {
            Files.deleteIfExists(sent);
        }
    }
}
