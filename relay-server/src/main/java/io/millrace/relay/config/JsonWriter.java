package io.millrace.relay.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.EnumFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** Writes records as JSON, with the same members as {@link YamlWriter} and the same secrets hidden. */
final class JsonWriter {
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(EnumFeature.WRITE_ENUMS_TO_LOWERCASE)
            .annotationIntrospector(new YamlWriter.HidingSecrets())
            .build();

    private JsonWriter() {}

    static String write(Record configuration) {
        try {
            return MAPPER.writeValueAsString(configuration);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("writing to memory", e);
        }
    }
}
