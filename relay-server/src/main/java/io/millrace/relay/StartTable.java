package io.millrace.relay;

import io.millrace.relay.config.ListenerConfig;
import io.millrace.relay.demo.DemoPublisher;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;

/** What the program prints when it has started: what listens where, and lines that can be copied. */
final class StartTable {
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
        table.line("Millrace is running. Stop it with Ctrl+C.");
        table.line("");
        for (int i = 0; i < listeners.size(); i++) {
            table.row("SRT", listeners.get(i).name(), text(bound.get(i)) + "/udp" + defaultStream(listeners.get(i)));
        }
        table.row("API", "", "http://" + text(http) + "/api/v1/streams  (also /connections, /health/ready)");
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
        row("ffplay", "", "ffplay -fflags nobuffer '" + url + "?streamid=" + id + "'");
        row("ffmpeg", "", "ffmpeg -i '" + url + "?streamid=" + id + "' -c copy recording.ts");
        row("srt-live-transmit", "", "srt-live-transmit '" + url + "?streamid=" + id + "' file://con > recording.ts");
        row("VLC", "", "vlc --streamid '" + id + "' " + url);
        row("OBS", "", "Media Source, Local File off, Input: " + url + "?streamid=" + id);
        line("");
    }

    private void publishers(String url) {
        line("Publish a stream of your own as \"live\":");
        String id = "#!::r=live,m=publish";
        row("ffmpeg", "", "ffmpeg -re -i FILE -c copy -f mpegts '" + url + "?streamid=" + id + "&pkt_size=1316'");
        row("srt-live-transmit", "", "srt-live-transmit -chunk:1316 udp://:5000 '" + url + "?streamid=" + id + "'");
        row("OBS", "", "Stream, Custom, Server: " + url + "?streamid=" + id);
    }

    private void row(String first, String second, String rest) {
        line(String.format(Locale.ROOT, "  %-18s%-8s%s", first, second, rest)
                .replace("          ", "  ")
                .stripTrailing());
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
        return bound.getAddress().isAnyLocalAddress() ? new InetSocketAddress("127.0.0.1", bound.getPort()) : bound;
    }

    private static String text(InetSocketAddress address) {
        String host = address.getAddress().isAnyLocalAddress()
                ? "*"
                : address.getAddress().getHostAddress();
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
    }
}
