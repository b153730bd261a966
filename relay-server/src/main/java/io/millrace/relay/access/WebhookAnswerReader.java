package io.millrace.relay.access;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.millrace.relay.access.WebhookAnswer.Unusable;
import io.millrace.relay.access.WebhookAnswer.Usable;
import io.millrace.relay.config.JoinMode;
import io.millrace.srt.crypto.Passphrase;
import io.millrace.srt.handshake.RejectReason;
import java.io.IOException;
import java.util.Iterator;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a webhook answers. Nothing that it may say makes this throw. An answer counts as a whole or not at all: with
 * a key that is unknown or a value that is not allowed, who knows what was meant. Yet a no stays a no.
 */
final class WebhookAnswerReader {
    static final String SOURCE = "webhook";

    private static final long MAX_TTL_SECONDS = 86_400;
    private static final long MAX_SUBSCRIBERS = 1_000_000;
    private static final long MAX_BIT_RATE = 1_000_000_000_000L;
    private static final long MAX_DURATION_SECONDS = 1_000_000_000;
    private static final long MAX_LATENCY_MILLIS = 60_000;
    /** Below are those of SRT itself, which say something else; above is nothing that a handshake can carry. */
    private static final int MIN_CODE = 1_000;

    private static final int MAX_CODE = 2_999;

    private static final int MAX_REASON_LENGTH = 200;
    private static final Set<String> KEYS =
            Set.of("allow", "passphrase", "stream", "join", "limits", "rejectCode", "reason", "ttlSeconds");
    private static final Set<String> LIMITS = Set.of("subscribers", "bitRate", "durationSeconds", "latencyMillis");

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final long defaultTtlSeconds;

    /** Stays in here. */
    private static final class Fault extends Exception {
        private static final long serialVersionUID = 1;

        Fault(String message) {
            super(message, null, false, false);
        }

        String text() {
            return String.valueOf(getMessage());
        }
    }

    /** Takes how long an answer holds that doesn't say so itself. */
    WebhookAnswerReader(long defaultTtlSeconds) {
        this.defaultTtlSeconds = defaultTtlSeconds;
    }

    /**
     * What it said.
     *
     * @param status of HTTP
     */
    WebhookAnswer read(int status, byte[] body, AccessRequest request) {
        return switch (status) {
            case 200 -> read(body, request);
            case 204 -> plain(Grant.of(SOURCE, request));
            case 401 -> plain(refusal(RejectReason.UNAUTHORIZED, status));
            case 403 -> plain(refusal(RejectReason.FORBIDDEN, status));
            case 404 -> plain(refusal(RejectReason.NOT_FOUND, status));
            case 409 -> plain(refusal(RejectReason.CONFLICT, status));
            default -> new Unusable("answers with HTTP status " + status, false);
        };
    }

    private Usable plain(AccessDecision decision) {
        return new Usable(decision, defaultTtlSeconds * 1_000);
    }

    private static Refusal refusal(RejectReason reason, int status) {
        return new Refusal(reason, "the webhook refused it with HTTP status " + status);
    }

    private WebhookAnswer read(byte[] body, AccessRequest request) {
        JsonNode answer;
        try {
            answer = JSON.readTree(body);
        } catch (JsonProcessingException e) {
            // Not its message: that quotes the answer.
            JsonLocation location = e.getLocation();
            return new Unusable(
                    "gives an answer that is no JSON"
                            + (location == null ? "" : ", at its byte " + location.getByteOffset()),
                    false);
        } catch (IOException e) {
            return new Unusable("gives an answer that is no text", false);
        }
        if (!answer.isObject()) {
            return new Unusable("gives an answer that is no JSON object", false);
        }
        JsonNode allow = answer.path("allow");
        boolean refused = allow.isBoolean() && !allow.booleanValue();
        try {
            expectKeys(answer, KEYS);
            long ttlSeconds =
                    Math.min(MAX_TTL_SECONDS, number(answer, "ttlSeconds", defaultTtlSeconds, Long.MAX_VALUE));
            return new Usable(decision(answer, allow, request), ttlSeconds * 1_000);
        } catch (Fault fault) {
            return new Unusable("gives an answer that can't be used: " + fault.text(), refused);
        }
    }

    private static AccessDecision decision(JsonNode answer, JsonNode allow, AccessRequest request) throws Fault {
        if (isAbsent(allow)) {
            expectKeys(answer, Set.of("allow", "reason", "ttlSeconds"));
            return NoOpinion.NO_OPINION;
        }
        if (!allow.isBoolean()) {
            throw new Fault("allow must be true, false or null");
        }
        return allow.booleanValue() ? grant(answer, request) : refusal(answer, request);
    }

    private static Grant grant(JsonNode answer, AccessRequest request) throws Fault {
        return new Grant(
                SOURCE,
                stream(answer, request),
                passphrase(answer),
                join(answer),
                limits(answer.path("limits")),
                () -> {});
    }

    private static @Nullable JoinMode join(JsonNode answer) throws Fault {
        String text = text(answer, "join");
        return text == null
                ? null
                : JoinMode.parse(text).orElseThrow(() -> new Fault("join must be newest, next or live"));
    }

    private static String stream(JsonNode answer, AccessRequest request) throws Fault {
        String text = text(answer, "stream");
        if (text == null) {
            return request.request().stream();
        }
        String name = StreamName.trimmed(text);
        String fault = StreamName.fault(name);
        if (fault != null) {
            throw new Fault("the stream's name " + fault);
        }
        return name;
    }

    private static @Nullable Passphrase passphrase(JsonNode answer) throws Fault {
        String text = text(answer, "passphrase");
        try {
            return text == null ? null : Passphrase.of(text);
        } catch (IllegalArgumentException e) {
            throw new Fault(String.valueOf(e.getMessage()));
        }
    }

    private static GrantLimits limits(JsonNode limits) throws Fault {
        if (isAbsent(limits)) {
            return GrantLimits.NONE;
        }
        if (!limits.isObject()) {
            throw new Fault("limits must be an object");
        }
        expectKeys(limits, LIMITS);
        return new GrantLimits(
                (int) number(limits, "subscribers", 0, MAX_SUBSCRIBERS),
                number(limits, "bitRate", 0, MAX_BIT_RATE),
                number(limits, "durationSeconds", 0, MAX_DURATION_SECONDS),
                (int) number(limits, "latencyMillis", 0, MAX_LATENCY_MILLIS));
    }

    private static Refusal refusal(JsonNode answer, AccessRequest request) throws Fault {
        String reason = text(answer, "reason");
        return new Refusal(
                rejectReason(answer.path("rejectCode")),
                reason == null
                        ? "the webhook refused it and gave no reason"
                        : "the webhook says: " + LoggableStreamId.escaped(hidden(reason, request), MAX_REASON_LENGTH));
    }

    /** A server that says which password was wrong must not get it into the log. */
    private static String hidden(String reason, AccessRequest request) {
        String secret = request.request().secret();
        return secret == null ? reason : reason.replace(secret, "***");
    }

    private static RejectReason rejectReason(JsonNode code) throws Fault {
        if (isAbsent(code)) {
            return RejectReason.FORBIDDEN;
        }
        if (code.isTextual()) {
            String name = code.textValue().toUpperCase(Locale.ROOT);
            for (RejectReason reason : RejectReason.values()) {
                if (reason.code() >= MIN_CODE && reason.name().equals(name)) {
                    return reason;
                }
            }
            throw new Fault("rejectCode is a name that is not known");
        }
        if (!code.isIntegralNumber()
                || !code.canConvertToInt()
                || code.intValue() < MIN_CODE
                || code.intValue() > MAX_CODE) {
            throw new Fault("rejectCode must be a name or a whole number from " + MIN_CODE + " to " + MAX_CODE);
        }
        for (RejectReason reason : RejectReason.values()) {
            if (reason.code() == code.intValue()) {
                return reason;
            }
        }
        return RejectReason.FORBIDDEN;
    }

    private static void expectKeys(JsonNode object, Set<String> keys) throws Fault {
        for (Iterator<String> names = object.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!keys.contains(name) && !isAbsent(object.path(name))) {
                throw new Fault(LoggableStreamId.quoted(name) + " is a key that is not known or not of use here");
            }
        }
    }

    private static @Nullable String text(JsonNode object, String key) throws Fault {
        JsonNode value = object.path(key);
        if (isAbsent(value)) {
            return null;
        }
        if (!value.isTextual()) {
            throw new Fault(key + " must be a text");
        }
        return value.textValue();
    }

    private static long number(JsonNode object, String key, long absent, long max) throws Fault {
        JsonNode value = object.path(key);
        if (isAbsent(value)) {
            return absent;
        }
        if (!value.isIntegralNumber()
                || !value.canConvertToLong()
                || value.longValue() < 0
                || value.longValue() > max) {
            throw new Fault(key + " must be a whole number from 0" + (max == Long.MAX_VALUE ? "" : " to " + max));
        }
        return value.longValue();
    }

    private static boolean isAbsent(JsonNode value) {
        return value.isMissingNode() || value.isNull();
    }
}
