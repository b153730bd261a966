package io.millrace.relay.http;

/**
 * The pages for people, which show what the API tells. They themselves tell nothing of this relay, so everybody may load
 * them, and learns from them what the API wants to see first.
 */
final class Pages {
    private static final String FILES = "/pages/";

    private final StaticFiles files;

    Pages(StaticFiles files) {
        this.files = files;
    }

    void addTo(ApiRoutes routes) {
        routes.page("/").handler(request -> files.answer(request, "pages/index.html"));
        routes.page(FILES + "*")
                .handler(request ->
                        files.answer(request, request.normalizedPath().substring(1)));
    }
}
