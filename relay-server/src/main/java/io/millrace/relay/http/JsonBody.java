package io.millrace.relay.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The JSON object in a request's body. What can't be taken ends the request with a problem that says what could be. */
final class JsonBody {
    static final int MAX_BYTES = 16 * 1024;

    private final JsonObject json;

    private JsonBody(JsonObject json) {
        this.json = json;
    }

    /** Reads the body of requests on a route. */
    static BodyHandler handler() {
        return BodyHandler.create(false).setBodyLimit(MAX_BYTES);
    }

    /** @param members that there may be */
    static JsonBody of(RoutingContext request, List<String> members) {
        Buffer body = request.body().buffer();
        JsonObject json;
        try {
            json = new JsonObject(body == null ? Buffer.buffer() : body);
        } catch (DecodeException e) {
            throw bad("the body is no JSON object");
        }
        for (String member : json.fieldNames()) {
            if (!members.contains(member)) {
                throw bad("unknown member; allowed: " + String.join(", ", members));
            }
        }
        return new JsonBody(json);
    }

    boolean has(String member) {
        return json.containsKey(member);
    }

    /** Whether it is null or isn't there. */
    boolean isNull(String member) {
        return json.getValue(member) == null;
    }

    /** A text that isn't empty. */
    String text(String member, String allowed) {
        String text = optionalText(member, allowed);
        if (text == null) {
            throw mustBe(member, allowed);
        }
        return text;
    }

    /** A text that isn't empty; null for null, or if it isn't there. */
    @Nullable
    String optionalText(String member, String allowed) {
        Object value = json.getValue(member);
        if (value == null || (value instanceof String text && !text.isEmpty())) {
            return (String) value;
        }
        throw mustBe(member, allowed);
    }

    /** A text to be shown and logged; null for null, or if it isn't there. */
    @Nullable
    String optionalLine(String member, int maxLength) {
        String allowed = "a text of 1 to " + maxLength + " characters on one line, or null";
        String text = optionalText(member, allowed);
        if (text != null && (text.length() > maxLength || !text.codePoints().allMatch(JsonBody::isPrintable))) {
            throw mustBe(member, allowed);
        }
        return text;
    }

    /** Not what breaks lines, or makes one text look like another. */
    private static boolean isPrintable(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }

    /** A whole number that must be there. */
    int wholeNumber(String member, int min, int max) {
        return wholeNumber(member, min - 1, min, max);
    }

    int wholeNumber(String member, int without, int min, int max) {
        if (json.getValue(member, without) instanceof Integer number && number >= min && number <= max) {
            return number;
        }
        throw mustBe(member, "a whole number from " + min + " to " + max);
    }

    static ProblemException mustBe(String member, String allowed) {
        return bad('"' + member + "\" must be " + allowed);
    }

    private static ProblemException bad(String detail) {
        return new ProblemException(Problem.badRequest(detail));
    }
}
