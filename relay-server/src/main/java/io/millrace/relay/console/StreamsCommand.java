package io.millrace.relay.console;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.relay.tool.ToolExit;
import io.millrace.relay.tool.ToolLog;
import java.io.PrintWriter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Lists the streams of a running relay. */
@Command(
        name = "streams",
        sortOptions = false,
        usageHelpWidth = 100,
        customSynopsis = "millrace streams [OPTION]...",
        description = {
            "Lists the streams of a running relay: live, silent (there is a publisher, and nothing comes from it) or"
                    + " waiting (for a publisher); who publishes, for how long, what comes in, how many subscribers"
                    + " there are, and how the publisher's leg is doing. LOST (on the way, before recovery) and DROP"
                    + " (missing for good) count since the publisher came.",
            ""
        },
        optionListHeading = "Options:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:listed, be it nothing",
            "1:the relay can't be reached, or doesn't answer this token",
            "2:bad command line"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  millrace streams",
            "  millrace streams --api http://relay1:8080 --token env:MILLRACE_TOKEN",
            "  millrace streams --json | jq -r '.[] | select(.publisher == null) | .name'",
            "",
            "With --json standard output has what the API answers at /api/v1/streams."
        })
public final class StreamsCommand implements Callable<Integer> {
    private static final List<TextTable.Column> COLUMNS = List.of(
            TextTable.Column.text("STREAM", 12),
            TextTable.Column.word("STATE"),
            TextTable.Column.text("PUBLISHER", 12),
            TextTable.Column.number("AGE", ""),
            TextTable.Column.number("RATE", "Mbit/s"),
            TextTable.Column.number("SUBS", ""),
            TextTable.Column.number("RTT", "ms"),
            TextTable.Column.number("LATENCY", "ms"),
            TextTable.Column.number("LOST", "%"),
            TextTable.Column.number("DROP", "pkt"));

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandSpec spec;

    @Option(names = "--json", description = "Print what the API answers. Default: a table.")
    private boolean json;

    @Mixin
    private final ApiOptions options = new ApiOptions();

    @Override
    public Integer call() {
        ToolLog.silence();
        ApiClient api = options.client(spec);
        PrintWriter out = spec.commandLine().getOut();
        try {
            JsonNode streams = api.get("/api/v1/streams");
            if (json) {
                out.println(streams);
            } else {
                JsonNode publishers = api.get("/api/v1/connections?role=publisher");
                Terminal terminal = Terminal.ofStandardOutput();
                table(streams, publishers)
                        .lines(terminal == null ? TextTable.ANY_WIDTH : terminal.columns())
                        .forEach(out::println);
            }
            out.flush();
            return ToolExit.DONE;
        } catch (ApiException e) {
            spec.commandLine().getErr().println("millrace streams: " + e.getMessage());
            return ToolExit.FAILED;
        }
    }

    /** @param publishers the connections, as the API lists them like the streams */
    static TextTable table(JsonNode streams, JsonNode publishers) {
        Map<Long, Leg> legs = new HashMap<>();
        publishers.forEach(connection -> {
            Leg leg = Leg.of(connection);
            legs.put(leg.id(), leg);
        });
        TextTable table = new TextTable(COLUMNS);
        for (JsonNode stream : streams) {
            table.row(row(stream, legs.get(stream.path("publisherConnection").asLong(-1))));
        }
        return table;
    }

    private static List<String> row(JsonNode stream, @Nullable Leg publisher) {
        return List.of(
                stream.path("name").asText(""),
                StreamState.of(stream).word(),
                stream.path("publisher").asText(Figures.NONE),
                publisher == null ? Figures.NONE : Figures.age(publisher.ageMillis()),
                Figures.megabits(Figures.number(stream, "bitRate")),
                Figures.whole(Figures.number(stream, "subscribers")),
                publisher == null ? Figures.NONE : Figures.decimal(publisher.rttMillis(), 1),
                publisher == null ? Figures.NONE : Figures.whole(publisher.latencyMillis()),
                publisher == null
                        ? Figures.NONE
                        : Figures.percent(publisher.counters().lostPercent()),
                publisher == null
                        ? Figures.NONE
                        : Long.toString(publisher.counters().dropped()));
    }
}
