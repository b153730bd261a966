package io.millrace.relay;

import io.millrace.relay.access.LoggableAddress;
import io.millrace.relay.config.ListenerConfig;
import io.millrace.relay.config.RelayConfig;
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
     * @param bound where the listeners of the configuration listen, in the same order
     * @param http where the API listens
     */
    static String of(RelayConfig config, List<InetSocketAddress> bound, InetSocketAddress http, boolean demo) {
        List<ListenerConfig> listeners = config.listeners();
        StartTable table = new StartTable();
        table.line("Millrace is running; Ctrl+C stops it.");
        table.line("");
        int nameWidth = listeners.stream()
                .mapToInt(listener -> listener.name().length())
                .max()
                .orElse(0);
        for (int i = 0; i < listeners.size(); i++) {
            ListenerConfig listener = listeners.get(i);
            table.line("  SRT    " + padded(listener.name(), nameWidth) + "  " + text(bound.get(i)) + "/udp"
                    + (listener.passphrase() == null ? "" : "  encrypted") + defaultStream(listener));
        }
        table.line("  Pages  " + padded("", nameWidth) + "  http://" + text(reachable(http)) + "/");
        table.line("  API    " + padded("", nameWidth) + "  http://" + text(http)
                + "/api/v1/streams  (also /connections, and /health/ready)");
        if (config.letsEverybodyIn()) {
            table.line("");
            table.line("Everybody may publish and request: set access.otherwise to deny before others can reach it.");
        }
        table.line("");
        String caller = "srt://" + text(reachable(bound.get(0)));
        String secret = listeners.get(0).passphrase() == null ? "" : "&passphrase=PASSPHRASE";
        if (demo) {
            table.players(caller, DemoPublisher.STREAM, secret);
        }
        table.publishers(caller, secret);
        return table.text.toString();
    }

    /** What listens where, in one line for a log that programs read. */
    static String summary(RelayConfig config, List<InetSocketAddress> bound, InetSocketAddress http) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < bound.size(); i++) {
            line.append("SRT ").append(config.listeners().get(i).name()).append(" at ");
            line.append(text(bound.get(i))).append("/udp, ");
        }
        return line.append("API at http://").append(text(http)).toString();
    }

    private void players(String url, String stream, String secret) {
        line("Watch the stream \"" + stream + "\":");
        String id = "#!::r=" + stream;
        String query = "?streamid=" + id + secret;
        command("ffplay", "ffplay -fflags nobuffer '" + url + query + "'");
        command("ffmpeg", "ffmpeg -i '" + url + query + "' -c copy recording.ts");
        command("srt-live-transmit", "srt-live-transmit '" + url + query + "' file://con > recording.ts");
        command("VLC", "vlc --streamid '" + id + "' " + (secret.isEmpty() ? "" : "--passphrase PASSPHRASE ") + url);
        command("OBS", "Media Source, Local File off, Input: " + url + query);
        line("");
    }

    private void publishers(String url, String secret) {
        line("Publish a stream of your own as \"live\":");
        String query = "?streamid=#!::r=live,m=publish" + secret;
        command("ffmpeg", "ffmpeg -re -i FILE -c copy -f mpegts '" + url + query + "&pkt_size=1316'");
        command("srt-live-transmit", "srt-live-transmit -chunk:1316 udp://:5000 '" + url + query + "'");
        command("OBS", "Stream, Custom, Server: " + url + query);
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
