package io.millrace.relay.config;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import io.millrace.relay.config.Node.Kind;
import io.millrace.relay.config.Node.Mapping;
import io.millrace.relay.config.Node.Scalar;
import io.millrace.relay.config.Node.Sequence;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/** Reads YAML into a tree with line numbers. What a configuration has no use for (aliases, tags) is an error. */
final class YamlReader {
    private static final int MAX_DEPTH = 16;
    private static final YAMLFactory YAML = YAMLFactory.builder()
            .enable(YAMLParser.Feature.EMPTY_STRING_AS_NULL)
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
            .build();

    private final String source;
    private final Problems problems;

    YamlReader(String source, Problems problems) {
        this.source = source;
        this.problems = problems;
    }

    /**
     * The mapping of a file; one without content is empty.
     *
     * @throws ConfigurationException when it is no YAML: what was read up to there would only lead to wrong complaints
     */
    Mapping mapping(String text) throws ConfigurationException {
        Mapping mapping = Mapping.empty(new Origin(source, 1));
        try (YAMLParser parser = YAML.createParser(text)) {
            try {
                readDocument(parser, mapping);
            } catch (JsonProcessingException e) {
                addSyntaxError(parser, e);
                problems.throwIfAny();
            }
        } catch (IOException e) {
            throw new IllegalStateException("reading from memory", e);
        }
        return mapping;
    }

    private void readDocument(YAMLParser parser, Mapping mapping) throws IOException {
        JsonToken first = parser.nextToken();
        if (first == JsonToken.START_OBJECT) {
            readMapping(parser, "", mapping);
        } else if (first != null && first != JsonToken.VALUE_NULL) {
            @Nullable Node found = read(parser, "", here(parser));
            if (found != null) {
                problems.add(
                        found.origin(),
                        "",
                        "found " + found.shown(),
                        "keys with values, such as \"log: {level: info}\"");
            }
        }
        if (parser.nextToken() != null) {
            problems.add(here(parser), "", "found a second document", "one document");
        }
    }

    private void readMapping(YAMLParser parser, String path, Mapping mapping) throws IOException {
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            String keyPath = Section.child(path, key);
            Origin origin = here(parser);
            parser.nextToken();
            @Nullable Node value = read(parser, keyPath, origin);
            @Nullable Node earlier = value == null ? null : mapping.values().putIfAbsent(key, value);
            if (earlier != null) {
                String allowed = "once; it is in line " + earlier.origin().line() + " already";
                problems.add(origin, keyPath, "found a second time", allowed);
            }
        }
    }

    /** The value that the parser stands at; null when it was refused. */
    private @Nullable Node read(YAMLParser parser, String path, Origin origin) throws IOException {
        if (parser.isCurrentAlias()) {
            problems.add(origin, path, "found the alias *" + OneLine.cut(parser.getText()), "the value itself");
            return null;
        }
        JsonToken token = Objects.requireNonNull(parser.currentToken());
        switch (token) {
            case START_OBJECT -> {
                Mapping mapping = Mapping.empty(origin);
                readMapping(parser, path, mapping);
                return mapping;
            }
            case START_ARRAY -> {
                Sequence sequence = Sequence.empty(origin);
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    String itemPath = path + "[" + sequence.items().size() + "]";
                    @Nullable Node item = read(parser, itemPath, here(parser));
                    sequence.items().add(item == null ? Mapping.empty(origin) : item);
                }
                return sequence;
            }
            case VALUE_EMBEDDED_OBJECT -> {
                problems.add(origin, path, "found binary data", "plain text or numbers");
                return null;
            }
            default -> {
                return scalarOf(parser, token, origin);
            }
        }
    }

    private static Scalar scalarOf(YAMLParser parser, JsonToken token, Origin origin) throws IOException {
        return switch (token) {
            case VALUE_NULL -> new Scalar(origin, Kind.NOTHING, "");
            case VALUE_TRUE, VALUE_FALSE -> new Scalar(origin, Kind.BOOLEAN, parser.getText());
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Scalar(origin, Kind.NUMBER, parser.getText());
            default -> new Scalar(origin, Kind.TEXT, parser.getText());
        };
    }

    /**
     * A value of the environment or the command line: a YAML scalar where the whole text is one, otherwise the text as it stands. So
     * {@code ::} and {@code #a} need no quotes, and no part of a value gets lost as a comment.
     */
    static Scalar scalar(String text, Origin origin) {
        Scalar asItStands = new Scalar(origin, Kind.TEXT, text);
        if (text.isEmpty() || text.equals("~")) {
            return new Scalar(origin, Kind.NOTHING, "");
        }
        try (YAMLParser parser = YAML.createParser(text)) {
            JsonToken token = parser.nextToken();
            if (token == null || !token.isScalarValue() || parser.isCurrentAlias()) {
                return asItStands;
            }
            Scalar scalar = scalarOf(parser, token, origin);
            boolean whole = parser.getText().equals(text) || isQuoted(text);
            return whole && parser.nextToken() == null ? scalar : asItStands;
        } catch (IOException e) {
            return asItStands;
        }
    }

    /**
     * The same where a list of such values may be: {@code [a, b]} is one. What is not a list as a whole is a scalar, and a
     * list that has something else in it too.
     */
    static Node scalarOrList(String text, Origin origin) {
        try (YAMLParser parser = YAML.createParser(text)) {
            if (parser.nextToken() == JsonToken.START_ARRAY) {
                Sequence list = Sequence.empty(origin);
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    if (!parser.currentToken().isScalarValue() || parser.isCurrentAlias()) {
                        return scalar(text, origin);
                    }
                    list.items().add(scalarOf(parser, parser.currentToken(), origin));
                }
                return parser.nextToken() == null ? list : scalar(text, origin);
            }
        } catch (IOException e) {
            // Not YAML: a text.
        }
        return scalar(text, origin);
    }

    private static boolean isQuoted(String text) {
        char first = text.charAt(0);
        return text.length() > 1 && (first == '"' || first == '\'') && text.charAt(text.length() - 1) == first;
    }

    private Origin here(YAMLParser parser) {
        return new Origin(source, parser.currentTokenLocation().getLineNr());
    }

    private void addSyntaxError(YAMLParser parser, JsonProcessingException e) {
        String allowed = "YAML";
        if (e.getCause() instanceof MarkedYAMLException marked) {
            // Jackson's own location is the end of the last token, lines before the one that is wrong.
            @Nullable Mark mark = marked.getProblemMark();
            int line = mark == null ? here(parser).line() : mark.getLine() + 1;
            problems.add(new Origin(source, line), "", marked.getProblem(), allowed);
            return;
        }
        @Nullable JsonLocation location = e.getLocation();
        int line = location == null ? here(parser).line() : location.getLineNr();
        String problem = e instanceof StreamConstraintsException
                ? "found deeper nesting or a longer key than any configuration has"
                : OneLine.cut(e.getOriginalMessage());
        problems.add(new Origin(source, line), "", problem, allowed);
    }
}
