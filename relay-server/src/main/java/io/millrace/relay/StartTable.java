package io.millrace.relay;

import io.millrace.relay.access.LoggableAddress;
import io.millrace.relay.config.ListenerConfig;
import io.millrace.relay.demo.DemoPublisher;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;

/** What the program prints when it has started: what listens where, and lines that can be copied. */
final class StartTable {
    private static final int PROGRAM_WIDTH = "srt-live-transmit".length();

    private final StringBuilder text = new StringBuilder();

    private StartTable() {}

    /**
     * @param listeners of the configuration
     * @param bound where they listen, in the same order
     * @param http where the API listens
     */
    static String of(
            List<ListenerConfig> listeners, List<InetSocketAddress> bound, InetSocketAddress http, boolean demo) {
        StartTable table = new StartTable();
        table.line("Millrace is running; Ctrl+C stops it.");
        table.line("");
        int nameWidth = listeners.stream()
                .mapToInt(listener -> listener.name().length())
                .max()
                .orElse(0);
        for (int i = 0; i < listeners.size(); i++) {
            ListenerConfig listener = listeners.get(i);
            table.line("  SRT  " + padded(listener.name(), nameWidth) + "  " + text(bound.get(i)) + "/udp"
                    + defaultStream(listener));
        }
        table.line("  API  " + padded("", nameWidth) + "  http://" + text(http)
                + "/api/v1/streams  (also /connections, and /health/ready)");
        table.line("");
        String caller = "srt://" + text(reachable(bound.get(0)));
        if (demo) {
            table.players(caller, DemoPublisher.STREAM);
        }
        table.publishers(caller);
        return table.text.toString();
    }

    private void players(String url, String stream) {
        line("Watch the stream \"" + stream + "\":");
        String id = "#!::r=" + stream;
        command("ffplay", "ffplay -fflags nobuffer '" + url + "?streamid=" + id + "'");
        command("ffmpeg", "ffmpeg -i '" + url + "?streamid=" + id + "' -c copy recording.ts");
        command("srt-live-transmit", "srt-live-transmit '" + url + "?streamid=" + id + "' file://con > recording.ts");
        command("VLC", "vlc --streamid '" + id + "' " + url);
        command("OBS", "Media Source, Local File off, Input: " + url + "?streamid=" + id);
        line("");
    }

    private void publishers(String url) {
        line("Publish a stream of your own as \"live\":");
        String id = "#!::r=live,m=publish";
        command("ffmpeg", "ffmpeg -re -i FILE -c copy -f mpegts '" + url + "?streamid=" + id + "&pkt_size=1316'");
        command("srt-live-transmit", "srt-live-transmit -chunk:1316 udp://:5000 '" + url + "?streamid=" + id + "'");
        command("OBS", "Stream, Custom, Server: " + url + "?streamid=" + id);
    }

    private void command(String program, String text) {
        line("  " + padded(program, PROGRAM_WIDTH) + "  " + text);
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }

    private void line(String line) {
        text.append(line).append('\n');
    }

    private static String defaultStream(ListenerConfig listener) {
        return listener.stream() == null
                ? ""
                : "  without a stream id: " + listener.mode().name().toLowerCase(Locale.ROOT) + " \""
                        + listener.stream() + "\"";
    }

    /** An address that a program on this machine can call. */
    static InetSocketAddress reachable(InetSocketAddress bound) {
        return bound.getAddress().isAnyLocalAddress()
                ? new InetSocketAddress(InetAddress.getLoopbackAddress(), bound.getPort())
                : bound;
    }

    private static String text(InetSocketAddress address) {
        return address.getAddress().isAnyLocalAddress() ? "*:" + address.getPort() : LoggableAddress.of(address);
    }
}
