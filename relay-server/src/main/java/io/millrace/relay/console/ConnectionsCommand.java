package io.millrace.relay.console;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.relay.tool.ToolExit;
import io.millrace.relay.tool.ToolLog;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Lists the connections of a running relay. */
@Command(
        name = "connections",
        sortOptions = false,
        usageHelpWidth = 100,
        customSynopsis = "millrace connections [OPTION]...",
        description = {
            "Lists the connections of a running relay. RATE is that of the last second. LOST (on the way, before"
                    + " recovery), RESENT (retransmitted) and DROP (missing for good) count since the connection was"
                    + " made. LINK is bad where the link adviser would set more latency or less bit rate, and - in the"
                    + " first ten seconds.",
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
            "  millrace connections --stream live/cam1 --sort trouble",
            "  millrace connections --role publisher --advice",
            "  millrace connections --api http://relay1:8080 --token file:/run/secrets/millrace --json",
            "",
            "With --json standard output has what the API answers at /api/v1/connections, with all statistics of libsrt."
        })
public final class ConnectionsCommand implements Callable<Integer> {
    private static final List<TextTable.Column> COLUMNS = concatenated(
            List.of(
                    TextTable.Column.number("ID", ""),
                    TextTable.Column.text("LABEL", 6),
                    TextTable.Column.word("ROLE"),
                    TextTable.Column.text("STREAM", 8),
                    TextTable.Column.text("PEER", 12)),
            Leg.COLUMNS);

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandSpec spec;

    @Option(names = "--stream", paramLabel = "NAME", description = "Only those of this stream.")
    private @Nullable String stream;

    @Option(names = "--role", paramLabel = "ROLE", description = "Only those of a publisher, or of a subscriber.")
    private @Nullable Role role;

    @Option(
            names = "--sort",
            paramLabel = "COLUMN",
            description =
                    "By id, stream, peer, age, rate, rtt, latency, lost, resent or drop; or by trouble, who misses"
                            + " most first. Default: id.")
    private @Nullable ConnectionOrder order;

    @Option(names = "--advice", description = "Also print for each connection what the link adviser says.")
    private boolean advice;

    @Option(names = "--json", description = "Print what the API answers. Default: a table.")
    private boolean json;

    @Mixin
    private final ApiOptions options = new ApiOptions();

    /** What a connection is for. */
    enum Role {
        PUBLISHER,
        SUBSCRIBER
    }

    @Override
    public Integer call() {
        ToolLog.silence();
        if (json && (order != null || advice)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--json is what the API answers, oldest first and with advice: leave out --sort and" + " --advice");
        }
        ApiClient api = options.client(spec);
        PrintWriter out = spec.commandLine().getOut();
        try {
            JsonNode connections = api.get("/api/v1/connections" + query());
            if (json) {
                out.println(connections);
            } else {
                Terminal terminal = Terminal.ofStandardOutput();
                int width = terminal == null ? TextTable.ANY_WIDTH : terminal.columns();
                List<Leg> legs = sorted(connections, order == null ? ConnectionOrder.ID : order);
                table(legs).lines(width).forEach(out::println);
                if (advice) {
                    advice(legs, width).forEach(out::println);
                }
            }
            out.flush();
            return ToolExit.DONE;
        } catch (ApiException e) {
            spec.commandLine().getErr().println("millrace connections: " + e.getMessage());
            return ToolExit.FAILED;
        }
    }

    private String query() {
        List<String> parts = new ArrayList<>();
        if (stream != null) {
            parts.add("stream=" + ApiClient.encoded(stream));
        }
        if (role != null) {
            parts.add("role=" + role.name().toLowerCase(Locale.ROOT));
        }
        return parts.isEmpty() ? "" : "?" + String.join("&", parts);
    }

    static List<Leg> sorted(JsonNode connections, ConnectionOrder order) {
        List<Leg> legs = new ArrayList<>();
        connections.forEach(connection -> legs.add(Leg.of(connection)));
        legs.sort(order.comparator());
        return legs;
    }

    static TextTable table(List<Leg> legs) {
        TextTable table = new TextTable(COLUMNS);
        for (Leg leg : legs) {
            List<String> whose = List.of(
                    Long.toString(leg.id()), leg.label(), leg.publisher() ? "pub" : "sub", leg.stream(), leg.peer());
            table.row(concatenated(whose, leg.figures()));
        }
        return table;
    }

    /** A paragraph for each connection. */
    static List<String> advice(List<Leg> legs, int width) {
        List<String> lines = new ArrayList<>();
        for (Leg leg : legs) {
            lines.add("");
            lines.add(PrintableText.cut(
                    PrintableText.of(leg.id() + " " + (leg.publisher() ? "publisher" : "subscriber") + " of "
                            + leg.stream() + " at " + leg.peer()),
                    width));
            String sentence = leg.advice().isEmpty() ? "No advice yet: it takes ten seconds of media." : leg.advice();
            int room = width == TextTable.ANY_WIDTH ? width : width - 2;
            PrintableText.wrap(PrintableText.of(sentence), room).forEach(line -> lines.add("  " + line));
        }
        return lines;
    }

    private static <T> List<T> concatenated(List<T> first, List<T> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
    }
}
