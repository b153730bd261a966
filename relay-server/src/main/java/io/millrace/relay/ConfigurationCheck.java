package io.millrace.relay;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.millrace.relay.config.ConfigurationException;
import io.millrace.relay.config.ConfigurationSources;
import java.io.PrintWriter;

/** Tells what becomes of a configuration: all of it as it would be in effect, or all that is wrong with it. */
final class ConfigurationCheck {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final PrintWriter out;
    private final PrintWriter err;

    ConfigurationCheck(PrintWriter out, PrintWriter err) {
        this.out = out;
        this.err = err;
    }

    /** For people: YAML that can be used as a file, or a line for each error; returns the exit code. */
    int asText(ConfigurationSources sources) {
        ConfigurationSources.Effective effective;
        try {
            effective = sources.check();
        } catch (ConfigurationException e) {
            e.errors().forEach(err::println);
            return ExitCode.BAD_CONFIGURATION;
        }
        effective.config().warnings().forEach(line -> err.println("warning: " + line));
        effective.settings().forEach(setting -> out.println("# " + setting));
        out.print(effective.config().toYaml());
        out.flush();
        return ExitCode.OK;
    }

    /** For programs: one object, whether the configuration can be used or not; returns the exit code. */
    int asJson(ConfigurationSources sources) {
        ObjectNode outcome = JSON.createObjectNode();
        int code = ExitCode.OK;
        try {
            ConfigurationSources.Effective effective = sources.check();
            outcome.put("valid", true);
            outcome.set("warnings", JSON.valueToTree(effective.config().warnings()));
            outcome.set("settings", JSON.valueToTree(effective.settings()));
            outcome.set(
                    "configuration",
                    new YAMLMapper().readTree(effective.config().toYaml()));
            out.println(outcome.toPrettyString());
        } catch (ConfigurationException e) {
            code = ExitCode.BAD_CONFIGURATION;
            outcome.put("valid", false);
            ArrayNode errors = outcome.putArray("errors");
            e.errors()
                    .forEach(error -> errors.addObject()
                            .put("source", error.source())
                            .put("line", error.line())
                            .put("key", error.path())
                            .put("problem", error.problem())
                            .put("allowed", error.allowed()));
            out.println(outcome.toPrettyString());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("reading what was just written", e);
        }
        return code;
    }
}
