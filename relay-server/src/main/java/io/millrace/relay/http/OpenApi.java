package io.millrace.relay.http;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The description of the API, as OpenAPI 3.1 in YAML and JSON, and the page that shows it. They tell nothing of this relay.
 */
final class OpenApi {
    private static final String YAML = "openapi.yaml";
    private static final String PAGE_POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none';"
                    + " form-action 'none'; frame-ancestors 'none'";

    /** What was asked for once. */
    private final Map<String, Buffer> contents = new ConcurrentHashMap<>();

    void addTo(ApiRoutes routes) {
        routes.open("/api/v1/openapi.yaml")
                .handler(request -> answer(request, YAML, "application/yaml", () -> resource(YAML)));
        routes.open(ApiRoutes.DOCUMENT)
                .handler(request -> answer(request, "openapi.json", "application/json", OpenApi::json));
        routes.open("/api").handler(request -> {
            request.response().putHeader("Content-Security-Policy", PAGE_POLICY);
            page(request, "api.html", "text/html; charset=utf-8");
        });
        routes.open("/api/page/api.js").handler(request -> page(request, "api.js", "text/javascript; charset=utf-8"));
        routes.open("/api/page/api.css").handler(request -> page(request, "api.css", "text/css; charset=utf-8"));
    }

    private void page(RoutingContext request, String name, String mediaType) {
        answer(request, name, mediaType, () -> resource(name));
    }

    private void answer(RoutingContext request, String key, String mediaType, Callable<Buffer> content) {
        request.vertx()
                .executeBlocking(
                        () -> {
                            Buffer known = contents.get(key);
                            if (known == null) {
                                known = content.call();
                                contents.put(key, known);
                            }
                            return known;
                        },
                        false)
                .onSuccess(body -> {
                    var unused = request.response()
                            .putHeader("Content-Type", mediaType)
                            // It changes with the program only; but whoever asks after an update must see that.
                            .putHeader("Cache-Control", "no-cache")
                            .end(body);
                })
                .onFailure(request::fail);
    }

    private static Buffer json() throws IOException {
        Object document = new YAMLMapper().readValue(resource(YAML).getBytes(), Object.class);
        return Buffer.buffer(new ObjectMapper().writeValueAsBytes(document));
    }

    private static Buffer resource(String name) throws IOException {
        try (InputStream in = OpenApi.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException("the program has no " + name);
            }
            return Buffer.buffer(in.readAllBytes());
        }
    }
}
