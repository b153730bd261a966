package io.millrace.relay.console;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.relay.console.ScreenLine.Style;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** One stream on one screen: what it is, the publisher's leg, the subscribers that have most trouble, and who was refused. */
final class WatchScreen {
    private static final int NAME_WIDTH = 10;
    private static final int SECONDS_OF_HISTORY = 60;
    private static final int GAUGE_COLUMNS = 30;
    private static final int ADVICE_ROWS = 3;
    private static final int REFUSALS = 2;
    private static final int REFUSAL_ROWS = 2;
    /** With their heading, even where that leaves no room for what is below. */
    private static final int LEAST_SUBSCRIBER_ROWS = 4;

    private static final List<TextTable.Column> SUBSCRIBER_COLUMNS = Stream.concat(
                    Stream.of(
                            TextTable.Column.number("ID", ""),
                            TextTable.Column.text("LABEL", 6),
                            TextTable.Column.text("PEER", 12)),
                    Leg.COLUMNS.stream())
            .toList();

    private final String stream;
    private final String api;
    private final DateTimeFormatter clock;

    /** @param api which relay, for people */
    WatchScreen(String stream, String api, ZoneId zone) {
        this.stream = PrintableText.of(stream);
        this.api = PrintableText.of(api);
        clock = DateTimeFormatter.ofPattern("HH:mm:ss").withZone(zone);
    }

    /** No more lines than the terminal has, and none of them wider. */
    List<ScreenLine> lines(Observation observation, Terminal terminal) {
        Page page = new Page(terminal.columns());
        title(page, observation);
        StreamSnapshot snapshot = observation.snapshot();
        if (snapshot == null) {
            page.add("");
            page.wrapped(
                    "",
                    "NO ANSWER for " + observation.outageSeconds() + " s; asking each second. " + observation.outage(),
                    Integer.MAX_VALUE,
                    Style.ALARM);
        } else {
            if (observation.resumed()) {
                page.add(
                        "The relay answers again, after " + observation.outageSeconds() + " s without.", Style.HEADING);
            }
            state(page, snapshot);
            snapshot.publisher().ifPresent(publisher -> publisher(page, snapshot, publisher));
            List<ScreenLine> below = refusals(snapshot, terminal.columns());
            subscribers(page, snapshot, terminal.rows() - below.size());
            page.lines.addAll(below);
        }
        return page.lines.subList(0, Math.min(page.lines.size(), terminal.rows()));
    }

    private void title(Page page, Observation observation) {
        String where = api + "  " + clock.format(observation.time());
        int room = page.columns - PrintableText.columns(where) - 2;
        String name = PrintableText.cut(stream, Math.max(room, 8));
        int gap = Math.max(2, page.columns - PrintableText.columns(name) - PrintableText.columns(where));
        page.add(name + " ".repeat(gap) + where, Style.HEADING);
    }

    private static void state(Page page, StreamSnapshot snapshot) {
        int subscribers = snapshot.subscribers().size();
        String audience = subscribers + (subscribers == 1 ? " subscriber" : " subscribers");
        double age = snapshot.publisher().map(Leg::ageMillis).orElse(Double.NaN);
        switch (snapshot.state()) {
            case ABSENT -> page.add("ABSENT: nobody publishes it or waits for it here; waiting for it", Style.ALARM);
            case WAITING -> page.add("WAITING for a publisher, " + audience, Style.ALARM);
            case SILENT ->
                page.add("SILENT: there is a publisher for " + Figures.age(age) + ", and nothing comes", Style.ALARM);
            case LIVE -> page.add("LIVE for " + Figures.age(age) + ", " + audience, Style.GOOD);
        }
        List<Double> all = snapshot.history("inBitsPerSecond");
        int shown = Math.min(Math.min(all.size(), SECONDS_OF_HISTORY), Math.max(0, page.columns - NAME_WIDTH));
        List<Double> minute = all.subList(all.size() - shown, all.size());
        if (!minute.isEmpty()) {
            page.field("bit rate", Sparkline.of(minute));
            page.field(
                    "",
                    Figures.megabits(Figures.number(snapshot.stream(), "bitRate")) + " Mbit/s now; last minute "
                            + Figures.megabits(least(minute)) + " to " + Figures.megabits(most(minute)));
        }
    }

    private static void publisher(Page page, StreamSnapshot snapshot, Leg publisher) {
        JsonNode connection = snapshot.publisherConnection();
        JsonNode lately = snapshot.statistics().path("tenSeconds");
        page.field(
                "publisher",
                publisher.peer() + ", connection " + publisher.id()
                        + (publisher.label().isEmpty() ? "" : " (" + publisher.label() + ")") + ", SRT "
                        + connection.path("srtVersion").asText("?") + ", encryption "
                        + connection.path("encryption").asText("?"));
        JsonNode rtt = lately.path("rttMillis");
        page.field(
                "RTT",
                Figures.decimal(publisher.rttMillis(), 1) + " ms; last 10 s "
                        + Figures.decimal(Figures.number(rtt, "min"), 1)
                        + " to " + Figures.decimal(Figures.number(rtt, "max"), 1) + ", 95th percentile "
                        + Figures.decimal(Figures.number(rtt, "p95"), 1));
        LegCounters counters = publisher.counters();
        LegCounters all = LegCounters.ofPublisher(connection);
        page.field(
                "loss",
                Figures.percent(counters.lostPercent()) + " % on the way, " + counters.dropped()
                        + " packets for good (10 s); since start "
                        + Figures.percent(all.lostPercent()) + " %, " + all.dropped(),
                counters.dropped() > 0 ? Style.ALARM : Style.PLAIN);
        double bufferMillis =
                Figures.number(snapshot.statistics().path("interval").path("receiveBufferMillis"), "max");
        page.field(
                "buffer",
                Sparkline.gauge(bufferMillis / publisher.latencyMillis(), GAUGE_COLUMNS) + " "
                        + Figures.whole(bufferMillis) + " ms of " + Figures.whole(publisher.latencyMillis())
                        + " ms latency");
        page.wrapped(
                "advice",
                publisher.advice().isEmpty() ? "none yet: it takes ten seconds of media" : publisher.advice(),
                ADVICE_ROWS,
                publisher.isBadlySet() ? Style.ALARM : Style.PLAIN);
    }

    private static void subscribers(Page page, StreamSnapshot snapshot, int lastRow) {
        List<Leg> legs = snapshot.subscribers();
        if (legs.isEmpty()) {
            return;
        }
        page.add("");
        // Heading, names and units.
        int room = Math.max(LEAST_SUBSCRIBER_ROWS, lastRow - page.lines.size()) - 3;
        int shown = legs.size() <= room ? legs.size() : Math.max(1, room - 1);
        TextTable table = new TextTable(SUBSCRIBER_COLUMNS);
        for (Leg leg : legs.subList(0, shown)) {
            List<String> cells = new ArrayList<>(List.of(Long.toString(leg.id()), leg.label(), leg.peer()));
            cells.addAll(leg.figures());
            table.row(cells);
        }
        page.add("Subscribers, who has trouble first; LOST, RESENT and DROP of the last 10 s", Style.HEADING);
        List<String> lines = table.lines(page.columns);
        for (int i = 0; i < lines.size(); i++) {
            boolean trouble = i >= 2 && legs.get(i - 2).isInTrouble();
            page.add(lines.get(i), trouble ? Style.ALARM : Style.PLAIN);
        }
        if (shown < legs.size()) {
            page.add("and " + (legs.size() - shown) + " more");
        }
    }

    private List<ScreenLine> refusals(StreamSnapshot snapshot, int columns) {
        Page page = new Page(columns);
        if (!snapshot.refusals().isEmpty()) {
            page.add("");
            page.add("Last refused", Style.HEADING);
            snapshot.refusals().stream()
                    .limit(REFUSALS)
                    .forEach(refusal -> page.wrapped("", refusal(refusal), REFUSAL_ROWS, Style.PLAIN));
        }
        return page.lines;
    }

    private String refusal(JsonNode refusal) {
        long count = refusal.path("count").asLong(1);
        return time(refusal.path("lastTime").asText("")) + " "
                + refusal.path("peer").asText("?") + " "
                + refusal.path("code").asText("") + " "
                + refusal.path("reason").asText("") + (count > 1 ? " ×" + count : "") + ": "
                + refusal.path("advice").asText("");
    }

    private String time(String iso) {
        try {
            return clock.format(Instant.parse(iso));
        } catch (DateTimeParseException e) {
            return iso;
        }
    }

    private static double least(List<Double> values) {
        return values.stream()
                .mapToDouble(Double::doubleValue)
                .filter(v -> !Double.isNaN(v))
                .min()
                .orElse(Double.NaN);
    }

    private static double most(List<Double> values) {
        return values.stream()
                .mapToDouble(Double::doubleValue)
                .filter(v -> !Double.isNaN(v))
                .max()
                .orElse(Double.NaN);
    }

    /** Lines as they come, made printable and cut. */
    private static final class Page {
        private final int columns;
        private final List<ScreenLine> lines = new ArrayList<>();

        private Page(int columns) {
            this.columns = columns;
        }

        private void add(String text) {
            add(text, Style.PLAIN);
        }

        private void add(String text, Style style) {
            lines.add(new ScreenLine(PrintableText.cut(PrintableText.of(text), columns), style));
        }

        private void field(String name, String text) {
            field(name, text, Style.PLAIN);
        }

        private void field(String name, String text, Style style) {
            add(name + " ".repeat(NAME_WIDTH - name.length()) + text, style);
        }

        /** Over several lines, but not more than these. */
        private void wrapped(String name, String text, int maxLines, Style style) {
            int indent = name.isEmpty() ? 0 : NAME_WIDTH;
            List<String> wrapped = PrintableText.wrap(PrintableText.of(text), Math.max(1, columns - indent));
            for (int i = 0; i < Math.min(maxLines, wrapped.size()); i++) {
                String first = i == 0 ? name : "";
                add(first + " ".repeat(indent - first.length()) + wrapped.get(i), style);
            }
        }
    }
}
