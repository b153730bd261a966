package io.millrace.relay.interop;

import static io.millrace.relay.interop.TransportStreamFile.PAYLOAD_BYTES;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The SRT programs that tests are made with, each started so that it passes the media on byte by byte.
 *
 * <p>Publishers read from their standard input what the test writes there at the clip's rate, and it stays open until
 * they are closed: libsrt throws away what it has not played yet when its peer goes, so whoever closes right after the
 * last byte loses the last {@code latency} milliseconds.
 */
enum RealClient {
    /**
     * The raw {@code data} (de)muxer with {@code -c copy}: {@code -f mpegts} would parse and write the stream anew. It
     * reads in steps of 1024 bytes unless told; each step becomes one SRT payload.
     */
    FFMPEG("ffmpeg") {
        @Override
        List<String> publishing(SrtAddress to) {
            List<String> command = ffmpeg();
            command.addAll(List.of("-f", "data", "-raw_packet_size", Integer.toString(PAYLOAD_BYTES), "-i", "pipe:0"));
            command.addAll(List.of("-map", "0", "-c", "copy", "-f", "data"));
            command.addAll(ffmpegStreamId(to));
            command.add(to.forFfmpeg());
            return command;
        }

        @Override
        List<String> subscribing(SrtAddress from, Path file) {
            List<String> command = ffmpeg();
            command.addAll(List.of("-f", "data"));
            command.addAll(ffmpegStreamId(from));
            command.addAll(List.of("-i", from.forFfmpeg()));
            // Without the flush a muxer writes in blocks of 32 KiB, and a test could not see that all has arrived.
            command.addAll(List.of("-map", "0", "-c", "copy", "-flush_packets", "1", "-f", "data", file.toString()));
            return command;
        }

        @Override
        boolean readsBeforeItConnects() {
            return true;
        }

        @Override
        String connectedAsPublisher(SrtAddress address) {
            return "Output #0";
        }

        /** Only appears with the first data: ffmpeg says nothing in between. */
        @Override
        String connectedAsSubscriber(SrtAddress address) {
            return "Input #0";
        }
    },

    /**
     * {@code -chunk:1316}: its default of 1456 bytes would not be whole TS packets. {@code -a:no}: else it would
     * connect again and again. {@code -buffering:1}: its default is to send only when it has read ten payloads, so that
     * the last ones would stay behind. It does not end when its standard input does.
     */
    SRT_LIVE_TRANSMIT("srt-tools") {
        @Override
        List<String> publishing(SrtAddress to) {
            return srtLiveTransmit("-a:no", CHUNK, "-buffering:1", "file://con", to.forSrtLiveTransmit());
        }

        @Override
        List<String> subscribing(SrtAddress from, Path file) {
            return srtLiveTransmit("-a:no", CHUNK, from.forSrtLiveTransmit(), "file://con");
        }

        @Override
        boolean writesToStandardOutput() {
            return true;
        }

        @Override
        String connectedAsPublisher(SrtAddress address) {
            return address.isCaller() ? "SRT target connected" : "Accepted SRT target connection";
        }

        @Override
        String connectedAsSubscriber(SrtAddress address) {
            return address.isCaller() ? "SRT source connected" : "Accepted SRT source connection";
        }
    },

    /** {@code sync=false}: the bytes from standard input carry no time, their arrival is the pace. */
    GSTREAMER("gstreamer1.0-tools and gstreamer1.0-plugins-bad") {
        @Override
        List<String> publishing(SrtAddress to) {
            List<String> command = gstreamer();
            command.addAll(List.of("fdsrc", "fd=0", "blocksize=" + PAYLOAD_BYTES, "!", "srtsink", "sync=false"));
            command.addAll(gstreamerSrt(to));
            return command;
        }

        @Override
        List<String> subscribing(SrtAddress from, Path file) {
            List<String> command = gstreamer();
            command.add("srtsrc");
            command.addAll(gstreamerSrt(from));
            command.addAll(List.of("!", "filesink", "buffer-mode=unbuffered", "location=" + file));
            return command;
        }

        @Override
        String connectedAsPublisher(SrtAddress address) {
            return address.isCaller() ? "Connection established to" : "listen ret: -1 - conclusion";
        }

        @Override
        String connectedAsSubscriber(SrtAddress address) {
            return connectedAsPublisher(address);
        }
    };

    private static final String CHUNK = "-chunk:" + PAYLOAD_BYTES;
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(15);

    private final String debianPackage;

    RealClient(String debianPackage) {
        this.debianPackage = debianPackage;
    }

    abstract List<String> publishing(SrtAddress to);

    abstract List<String> subscribing(SrtAddress from, Path file);

    /** Part of the message that tells that a publisher's connection is open. */
    abstract String connectedAsPublisher(SrtAddress address);

    /** Part of the message that tells that a subscriber's connection is open. */
    abstract String connectedAsSubscriber(SrtAddress address);

    boolean writesToStandardOutput() {
        return false;
    }

    /** Whether a publisher opens its connection only when it has the first bytes. */
    boolean readsBeforeItConnects() {
        return false;
    }

    /** Connects as a caller to 127.0.0.1, and begins to send when that is done. */
    Publisher publish(int port, String streamId, int latencyMillis, TransportStreamFile clip) {
        Publisher publisher = connectPublisher(SrtAddress.caller(port, streamId, latencyMillis), clip);
        publisher.play();
        return publisher;
    }

    /** Connects and returns when that is done; but for what it needs in order to connect, it sends when told to. */
    Publisher connectPublisher(SrtAddress to, TransportStreamFile clip) {
        Publisher publisher = startPublisher(to, clip);
        try {
            publisher.awaitConnected(CONNECT_TIMEOUT);
            return publisher;
        } catch (AssertionError e) {
            publisher.close();
            throw e;
        }
    }

    /** Starts, and waits for nothing; sends from the moment that the connection is open. */
    Publisher publish(SrtAddress to, TransportStreamFile clip) {
        Publisher publisher = startPublisher(to, clip);
        publisher.play();
        return publisher;
    }

    private Publisher startPublisher(SrtAddress to, TransportStreamFile clip) {
        ProgramProcess process =
                ProgramProcess.start(publishing(to), debianPackage, Redirect.PIPE, connectedAsPublisher(to));
        return new Publisher(process, clip, readsBeforeItConnects());
    }

    /**
     * Connects as a caller to 127.0.0.1 and returns when that is done; {@link #FFMPEG} at once, since it tells only
     * when the first data comes.
     */
    Subscriber subscribe(int port, String streamId, int latencyMillis) throws IOException {
        Subscriber subscriber = subscribe(SrtAddress.caller(port, streamId, latencyMillis));
        try {
            if (this != FFMPEG) {
                subscriber.awaitConnected(CONNECT_TIMEOUT);
            }
            return subscriber;
        } catch (AssertionError e) {
            subscriber.close();
            throw e;
        }
    }

    /** Starts, and waits for nothing. */
    Subscriber subscribe(SrtAddress from) throws IOException {
        Path file = Files.createTempFile("received-by-" + name().toLowerCase(Locale.ROOT) + "-", ".ts");
        Redirect output = writesToStandardOutput() ? Redirect.to(file.toFile()) : Redirect.PIPE;
        ProgramProcess process =
                ProgramProcess.start(subscribing(from, file), debianPackage, output, connectedAsSubscriber(from));
        return new Subscriber(process, file, from.latencyMillis());
    }

    private static List<String> ffmpeg() {
        return new ArrayList<>(List.of("ffmpeg", "-y", "-hide_banner", "-nostats"));
    }

    private static List<String> ffmpegStreamId(SrtAddress address) {
        return address.streamId().isEmpty() ? List.of() : List.of("-srt_streamid", address.streamId());
    }

    /** With its stdio unbuffered: else it keeps up to 4 KiB that it has read, or is about to write, until more comes. */
    private static List<String> srtLiveTransmit(String... arguments) {
        List<String> command = new ArrayList<>(List.of("stdbuf", "-i0", "-o0", "srt-live-transmit"));
        command.addAll(List.of(arguments));
        return command;
    }

    private static List<String> gstreamer() {
        return new ArrayList<>(List.of("gst-launch-1.0"));
    }

    private static List<String> gstreamerSrt(SrtAddress address) {
        List<String> properties = new ArrayList<>(List.of("uri=" + address.forGStreamer(), "auto-reconnect=false"));
        properties.add("latency=" + address.latencyMillis());
        if (!address.streamId().isEmpty()) {
            properties.add("streamid=" + address.streamId());
        }
        if (!address.passphrase().isEmpty()) {
            properties.add("passphrase=" + address.passphrase());
            properties.add("pbkeylen=" + address.keyLengthBytes());
        }
        return properties;
    }
}
