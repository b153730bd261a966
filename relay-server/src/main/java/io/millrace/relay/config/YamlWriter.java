package io.millrace.relay.config;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.cfg.EnumFeature;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** Writes records as YAML that reads back to the same records, but for what is {@link Secret}, and the queries of URLs. */
final class YamlWriter {
    private static final ObjectMapper MAPPER = YAMLMapper.builder(YAMLFactory.builder()
                    .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                    .disable(YAMLGenerator.Feature.SPLIT_LINES)
                    .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
                    .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
                    .enable(YAMLGenerator.Feature.INDENT_ARRAYS_WITH_INDICATOR)
                    .build())
            .enable(EnumFeature.WRITE_ENUMS_TO_LOWERCASE)
            .annotationIntrospector(new HidingSecrets())
            .build();

    private YamlWriter() {}

    static String write(Record configuration) {
        try {
            return MAPPER.writeValueAsString(configuration);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("writing to memory", e);
        }
    }

    /** Puts asterisks in the place of secrets, whatever the format. */
    static final class HidingSecrets extends JacksonAnnotationIntrospector {
        @Override
        public @Nullable Object findSerializer(Annotated annotated) {
            if (annotated.hasAnnotation(Secret.class)) {
                return new Asterisks();
            }
            return annotated.getRawType() == URI.class ? new WithoutQuery() : super.findSerializer(annotated);
        }
    }

    /** A query may hold a token. */
    private static final class WithoutQuery extends JsonSerializer<URI> {
        @Override
        public void serialize(URI url, JsonGenerator out, SerializerProvider provider) throws IOException {
            String text = url.toString();
            out.writeString(url.getRawQuery() == null ? text : text.substring(0, text.indexOf('?')) + "?***");
        }
    }

    /** A secret that is not set is written as null: not having one is no secret. */
    private static final class Asterisks extends JsonSerializer<Object> {
        @Override
        public void serialize(Object value, JsonGenerator out, SerializerProvider provider) throws IOException {
            out.writeString(value instanceof SecretReference reference ? reference.toString() : "***");
        }
    }
}
