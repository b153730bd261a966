package io.millrace.relay;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Compares what the API answers with what its document says: every member is described, and what is required is there. */
final class DocumentedShape {
    private final JsonNode document;
    private final List<String> faults = new ArrayList<>();

    private DocumentedShape(JsonNode document) {
        this.document = document;
    }

    /** What is wrong with a value for a schema of the document, a line each. */
    static List<String> faults(JsonNode document, JsonNode schema, JsonNode value) {
        DocumentedShape shape = new DocumentedShape(document);
        shape.check(schema, value, "$");
        return shape.faults;
    }

    private void check(JsonNode described, JsonNode value, String path) {
        JsonNode schema = resolved(described);
        if (schema.has("oneOf")) {
            boolean fits = elements(schema.get("oneOf"))
                    .anyMatch(one -> faults(document, one, value).isEmpty());
            require(fits, path + ": none of what is described");
            return;
        }
        String type = type(value);
        List<String> types = texts(schema.get("type"));
        require(
                types.contains(type) || (type.equals("integer") && types.contains("number")),
                path + ": is " + type + ", described as " + types);
        if (schema.has("enum")) {
            require(
                    elements(schema.get("enum")).anyMatch(value::equals),
                    path + ": " + value + " is not in " + schema.get("enum"));
        }
        if (value.isArray()) {
            for (JsonNode item : value) {
                check(schema.path("items"), item, path + "[]");
            }
        } else if (value.isObject()) {
            checkMembers(schema, value, path);
        }
    }

    private void checkMembers(JsonNode schema, JsonNode value, String path) {
        for (String name : texts(schema.get("required"))) {
            require(value.has(name), path + "." + name + ": required, and not there");
        }
        value.properties().forEach(member -> {
            String at = path + "." + member.getKey();
            JsonNode described = schema.path("properties").path(member.getKey());
            JsonNode others = schema.path("additionalProperties");
            if (!described.isMissingNode()) {
                check(described, member.getValue(), at);
            } else if (others.isObject()) {
                check(others, member.getValue(), at);
            } else {
                require(others.asBoolean(false), at + ": answered, and not described");
            }
        });
    }

    private JsonNode resolved(JsonNode schema) {
        return schema.has("$ref") ? document.at(schema.get("$ref").asText().substring(1)) : schema;
    }

    private void require(boolean holds, String fault) {
        if (!holds) {
            faults.add(fault);
        }
    }

    private static String type(JsonNode value) {
        return switch (value.getNodeType()) {
            case ARRAY -> "array";
            case OBJECT -> "object";
            case STRING -> "string";
            case BOOLEAN -> "boolean";
            case NULL -> "null";
            case NUMBER -> value.isIntegralNumber() ? "integer" : "number";
            default -> throw new IllegalArgumentException(value.toString());
        };
    }

    private static List<String> texts(JsonNode textOrList) {
        if (textOrList == null) {
            return List.of();
        }
        return textOrList.isArray()
                ? elements(textOrList).map(JsonNode::asText).collect(Collectors.toList())
                : List.of(textOrList.asText());
    }

    private static Stream<JsonNode> elements(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false);
    }
}
