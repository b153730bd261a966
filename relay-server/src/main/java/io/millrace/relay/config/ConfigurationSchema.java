package io.millrace.relay.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.PrettyPrinter;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The JSON schema of the configuration file, for editors: keys, types, bounds and defaults as the records are bound, and
 * the comments of {@code conf/millrace.yaml} as descriptions. It takes whatever the relay takes; what only the relay can
 * tell, such as a port that two listeners have, it lets pass.
 */
public final class ConfigurationSchema {
    /** {@code conf/millrace.yaml}, which is packaged with the classes. */
    private static final String DEFAULT_FILE = "millrace.yaml";

    private static final ObjectMapper JSON = new ObjectMapper();
    /** The same on every system. */
    private static final PrettyPrinter LAYOUT = new DefaultPrettyPrinter()
            .withObjectIndenter(new DefaultIndenter("  ", "\n"))
            .withSeparators(Separators.createDefaultInstance()
                    .withArrayEmptySeparator("")
                    .withObjectFieldValueSpacing(Separators.Spacing.AFTER));

    private final Map<String, String> comments;

    private ConfigurationSchema(Map<String, String> comments) {
        this.comments = comments;
    }

    /** The schema in draft 2020-12, as a file of its own. */
    public static String text() {
        ObjectNode schema = JSON.createObjectNode();
        schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.put("title", "Configuration of Millrace");
        schema.setAll(new ConfigurationSchema(KeyComments.of(defaultFile())).of("", RelayConfig.SHAPE));
        schema.path("properties").forEach(section -> orNothing((ObjectNode) section));
        try {
            return JSON.writer(LAYOUT).writeValueAsString(schema) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("writing to memory", e);
        }
    }

    private static String defaultFile() {
        try (InputStream file = ConfigurationSchema.class.getResourceAsStream(DEFAULT_FILE)) {
            return new String(Objects.requireNonNull(file, DEFAULT_FILE).readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ObjectNode of(String path, Shape shape) {
        ObjectNode schema = JSON.createObjectNode();
        @Nullable String comment = comments.get(path);
        if (comment != null) {
            schema.put("description", comment);
        }
        if (shape instanceof Shape.Value value) {
            return schema.setAll((ObjectNode) JSON.valueToTree(value.keywords()));
        }
        if (shape instanceof Shape.Entries list) {
            schema.setAll((ObjectNode) JSON.valueToTree(list.keywords()));
            // Its description is that of the list.
            return schema.set("items", of(path, list.entry()).without("description"));
        }
        Shape.Keys section = (Shape.Keys) shape;
        schema.put("type", "object");
        ObjectNode properties = schema.putObject("properties");
        section.keys().forEach((key, value) -> properties.set(key, of(Section.child(path, key), value)));
        if (!section.required().isEmpty()) {
            schema.set("required", JSON.valueToTree(section.required()));
        }
        return schema.put("additionalProperties", false);
    }

    /** A section of the file may have all of its keys commented out. */
    private static void orNothing(ObjectNode section) {
        if (section.path("type").isTextual()) {
            ArrayNode types = JSON.createArrayNode().add(section.path("type")).add("null");
            section.set("type", types);
        }
    }
}
