package io.millrace.relay;

import io.millrace.relay.access.LoggableAddress;
import io.millrace.relay.config.ListenerConfig;
import io.millrace.relay.config.RelayConfig;
import io.millrace.relay.demo.DemoPublisher;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What the program prints when it has started: what listens where, and lines that can be copied. */
final class StartTable {
    private static final int PROGRAM_WIDTH = "srt-live-transmit".length();

    private final StringBuilder text = new StringBuilder();

    private StartTable() {}

    /**
     * @param bound where the listeners that are open listen, by name and in the order of the configuration
     * @param http where the API listens
     */
    static String of(RelayConfig config, Map<String, InetSocketAddress> bound, InetSocketAddress http, boolean demo) {
        List<ListenerConfig> listeners = config.listeners();
        StartTable table = new StartTable();
        table.line("Millrace is running; Ctrl+C stops it.");
        table.line("");
        int nameWidth = listeners.stream()
                .mapToInt(listener -> listener.name().length())
                .max()
                .orElse(0);
        for (ListenerConfig listener : listeners) {
            InetSocketAddress address = bound.get(listener.name());
            table.line("  SRT    " + padded(listener.name(), nameWidth) + "  "
                    + (address == null ? "standby" : text(address) + "/udp")
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
        ListenerConfig first = firstOpen(config, bound);
        String caller = "srt://" + text(reachable(bound.getOrDefault(first.name(), first.address())));
        String secret = first.passphrase() == null ? "" : "&passphrase=PASSPHRASE";
        if (demo) {
            table.players(caller, DemoPublisher.STREAM, secret);
        }
        table.publishers(caller, secret);
        return table.text.toString();
    }

    /** What listens where, in one line for a log that programs read. */
    static String summary(RelayConfig config, Map<String, InetSocketAddress> bound, InetSocketAddress http) {
        StringBuilder line = new StringBuilder();
        for (ListenerConfig listener : config.listeners()) {
            InetSocketAddress address = bound.get(listener.name());
            line.append("SRT ").append(listener.name());
            line.append(address == null ? " on standby, " : " at " + text(address) + "/udp, ");
        }
        return line.append("API at http://").append(text(http)).toString();
    }

    /** The listener that is called to try the relay out; one that is not open here if none is. */
    static ListenerConfig firstOpen(RelayConfig config, Map<String, InetSocketAddress> bound) {
        return config.listeners().stream()
                .filter(listener -> bound.containsKey(listener.name()))
                .findFirst()
                .orElse(config.listeners().get(0));
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
