package io.millrace.relay.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Asks the API of a relay. What can't be had is told by an {@link ApiException}. */
final class ApiClient {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int MAX_BODY_BYTES = 256 << 20;
    private static final int TIMEOUT_SECONDS = 5;
    private static final int SHOWN_DETAIL = 600;

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(TIMEOUT_SECONDS))
            .build();

    private final URI api;
    private final @Nullable String token;

    /**
     * @param api where its paths begin, without a slash at the end
     * @param token null to send none
     */
    ApiClient(URI api, @Nullable String token) {
        this.api = api;
        this.token = token;
    }

    /** Whom it asks, for people. */
    String address() {
        return PrintableText.of(api.toString());
    }

    /** A text as a part of a path or of a query. */
    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** What the API has at a path, which may have a query. */
    JsonNode get(String path) throws ApiException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(api + path))
                .header("Accept", "application/json")
                .timeout(Duration.ofSeconds(TIMEOUT_SECONDS));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        HttpResponse<byte[]> response = send(request.build());
        String type = response.headers().firstValue("Content-Type").orElse("nothing");
        JsonNode body = type.contains("json") ? json(response.body()) : null;
        if (body == null) {
            throw new ApiException(
                    response.statusCode(),
                    "what answers at " + address() + " is not the API of a relay: it sent "
                            + PrintableText.cut(PrintableText.of(type), SHOWN_DETAIL) + " with status "
                            + response.statusCode() + "; does --api have the port of http.port?");
        }
        if (response.statusCode() != 200) {
            throw problem(response.statusCode(), body);
        }
        return body;
    }

    private HttpResponse<byte[]> send(HttpRequest request) throws ApiException {
        CompletableFuture<HttpResponse<byte[]>> answer =
                http.sendAsync(request, head -> new BoundedBody(MAX_BODY_BYTES));
        try {
            return answer.get(2L * TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw unanswered(e.getCause() == null ? e : e.getCause());
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw unanswered(e);
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw new ApiException(0, "interrupted");
        }
    }

    private static @Nullable JsonNode json(byte[] body) {
        try {
            JsonNode json = MAPPER.readTree(body);
            return json.isMissingNode() ? null : json;
        } catch (IOException e) {
            return null;
        }
    }

    private ApiException problem(int status, JsonNode problem) {
        String title = problem.path("title").asText("");
        String detail = problem.path("detail").asText("");
        String remedy = token == null && (status == 401 || status == 403) ? "; --token gives one" : "";
        String told = PrintableText.cut(PrintableText.of(title + ": " + detail), SHOWN_DETAIL);
        return new ApiException(status, address() + " answers " + status + " " + told + remedy);
    }

    private ApiException unanswered(Throwable cause) {
        String why;
        if (has(cause, UnresolvedAddressException.class)) {
            why = "there is no host of this name; check --api";
        } else if (has(cause, ConnectException.class)) {
            why = "nobody listens there; is the relay running, and is http.port the port of --api?";
        } else if (has(cause, TimeoutException.class) || has(cause, HttpTimeoutException.class)) {
            why = "no answer came in time; is --api right, and does a firewall let it through?";
        } else {
            String message = cause.getMessage();
            why = "the request failed: "
                    + PrintableText.cut(PrintableText.of(message == null ? cause.toString() : message), SHOWN_DETAIL);
        }
        return new ApiException(0, address() + ": " + why);
    }

    private static boolean has(@Nullable Throwable failure, Class<? extends Throwable> cause) {
        for (Throwable one = failure; one != null; one = one.getCause()) {
            if (cause.isInstance(one)) {
                return true;
            }
        }
        return false;
    }
}
