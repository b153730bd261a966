package io.millrace.relay.interop;

import static io.millrace.relay.interop.RealClient.FFMPEG;
import static io.millrace.relay.interop.RealClient.GSTREAMER;
import static io.millrace.relay.interop.RealClient.SRT_LIVE_TRANSMIT;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The real programs with each other through the packaged relay: every byte arrives, on bad lines too. */
@Tag("untimed")
@Timeout(120)
class RelayInteropIT {
    private static final int LATENCY_MILLIS = 250;
    private static final double LOSS = 0.05;
    private static final double ONE_WAY_MILLIS = 25;
    /** Beyond this the lines were worse than meant, and a packet may have had no time for another round. */
    private static final long MAX_HELD_UP_MILLIS = 20;

    private static final int ATTEMPTS = 3;
    private static final int CLIP_SECONDS = 12;
    /**
     * A receiver sees a loss by what follows, and libsrt sends nothing again that was not reported. So nobody could
     * recover the last packet of a publisher.
     */
    private static final int GOOD_END_SECONDS = 1;

    @TempDir
    private static Path directory;

    private static TransportStreamFile shortClip;
    private static TransportStreamFile longClip;
    private static RelayProcess relay;

    @BeforeAll
    static void start() throws IOException {
        shortClip = TransportStreamFile.generate(directory.resolve("short.ts"), 4_000_000, 3);
        longClip = TransportStreamFile.generate(directory.resolve("long.ts"), 3_000_000, CLIP_SECONDS);
        relay = RelayProcess.start();
    }

    @AfterAll
    static void stop() {
        relay.close();
    }

    @ParameterizedTest
    @EnumSource
    void whatAPublisherSendsReachesEverySubscriberByteByByte(RealClient publisher) throws Exception {
        String name = "clean/" + publisher;
        try (RelayedStream stream =
                new RelayedStream(relay, name, LATENCY_MILLIS, publisher, relay.port(), shortClip)) {
            for (RealClient subscriber : RealClient.values()) {
                stream.subscribe(subscriber, relay.port());
            }
            stream.play();
            stream.awaitEnd();

            stream.assertEverythingArrived();
        }
    }

    @Test
    void whatIsLostOnThePublishersWayIsRecovered() throws Exception {
        playOverLossyLines("in", true, false);
    }

    @Test
    void whatIsLostOnTheSubscribersWayIsRecovered() throws Exception {
        playOverLossyLines("out", false, true);
    }

    @Test
    void whatIsLostOnBothWaysIsRecovered() throws Exception {
        playOverLossyLines("both", true, true);
    }

    private static void playOverLossyLines(String name, boolean publishersWay, boolean subscribersWay)
            throws Exception {
        for (int attempt = 1; ; attempt++) {
            String prefix = name + "-" + attempt + "/";
            try (ImpairmentProxy in = line(publishersWay, 1);
                    ImpairmentProxy out = line(subscribersWay, 2);
                    RelayedStream first = stream(prefix + "srt-live-transmit", SRT_LIVE_TRANSMIT, in);
                    RelayedStream second = stream(prefix + "ffmpeg", FFMPEG, in);
                    RelayedStream third = stream(prefix + "gstreamer", GSTREAMER, in)) {
                first.subscribe(SRT_LIVE_TRANSMIT, out.port());
                second.subscribe(GSTREAMER, out.port());
                third.subscribe(FFMPEG, out.port());
                List<RelayedStream> streams = List.of(first, second, third);
                streams.forEach(RelayedStream::play);
                for (RelayedStream stream : streams) {
                    stream.awaitReceived(longClip.bitsPerSecond() / 8 * (CLIP_SECONDS - GOOD_END_SECONDS));
                }
                in.impairToServer(Impairment.NONE.delayMillis(publishersWay ? ONE_WAY_MILLIS : 0));
                RelayedStream.awaitEnds(streams);
                streams.forEach(stream -> System.out.println(stream.figures()));
                try {
                    for (RelayedStream stream : streams) {
                        stream.assertEverythingArrived();
                    }
                    return;
                } catch (AssertionError e) {
                    long heldUpMillis = Math.max(in.greatestLatenessMillis(), out.greatestLatenessMillis());
                    if (heldUpMillis <= MAX_HELD_UP_MILLIS || attempt == ATTEMPTS) {
                        throw e;
                    }
                    System.out.println("once more: the machine held the lines up for " + heldUpMillis + " ms, and "
                            + e.getMessage());
                }
            }
        }
    }

    private static ImpairmentProxy line(boolean lossy, long seed) throws IOException {
        ImpairmentProxy.Builder line = ImpairmentProxy.to(relay.port()).seed(seed);
        return lossy ? line.loss(LOSS).delayMillis(ONE_WAY_MILLIS).start() : line.start();
    }

    private static RelayedStream stream(String name, RealClient publisher, ImpairmentProxy line) {
        return new RelayedStream(relay, name, LATENCY_MILLIS, publisher, line.port(), longClip);
    }
}
