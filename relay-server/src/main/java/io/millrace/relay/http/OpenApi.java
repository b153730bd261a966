package io.millrace.relay.http;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;

/**
 * The description of the API, as OpenAPI 3.1 in YAML and JSON, and the page that shows it. They tell nothing of this relay.
 */
final class OpenApi {
    private static final String YAML = "openapi.yaml";
    private final StaticFiles files;

    OpenApi(StaticFiles files) {
        this.files = files;
    }

    void addTo(ApiRoutes routes) {
        routes.open("/api/v1/openapi.yaml").handler(request -> files.answer(request, YAML));
        routes.open(ApiRoutes.DOCUMENT).handler(request -> files.answer(request, "openapi.json", OpenApi::json));
        routes.page("/api").handler(request -> files.answer(request, "api.html"));
        routes.page("/api/page/api.js").handler(request -> files.answer(request, "api.js"));
        routes.page("/api/page/api.css").handler(request -> files.answer(request, "api.css"));
    }

    private static Buffer json() throws IOException {
        Object document = new YAMLMapper().readValue(StaticFiles.required(YAML).getBytes(), Object.class);
        return Buffer.buffer(new ObjectMapper().writeValueAsBytes(document));
    }
}
