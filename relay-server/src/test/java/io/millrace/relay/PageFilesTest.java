package io.millrace.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The files of the pages, as they are served. */
@Tag("any-jdk")
class PageFilesTest {
    private static final Path SOURCES = Path.of("src/main/resources/io/millrace/relay/http/pages");

    private static TestRelay relay;

    @BeforeAll
    static void start() {
        // With a token: the pages have to load before anybody can enter it.
        relay = TestRelay.start(
                "http.tokens[0].name=shift", "http.tokens[0].token=0123456789abcdef0123", "http.tokens[0].scope=read");
    }

    @AfterAll
    static void stop() {
        relay.close();
    }

    @Test
    void firstPageLoadsOnlyWhatTheRelayServes() {
        HttpResponse<String> page = relay.get("/");

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("Content-Type")).contains("text/html; charset=utf-8");
        assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
                .startsWith("default-src 'none';")
                .doesNotContain("unsafe", "http:", "https:");
        assertThat(page.body())
                .doesNotContain("http:", "https:", "<style", " style=", " onclick=", "javascript:")
                .doesNotContainPattern("<script[^>]*>[^<]");
    }

    @Test
    void everyFileIsServedWithItsType() throws IOException {
        for (Path file : sources()) {
            String name = SOURCES.relativize(file).toString();
            HttpResponse<String> answer = relay.get("/pages/" + name);

            assertThat(answer.statusCode()).as(name).isEqualTo(200);
            assertThat(answer.body()).as(name).isEqualTo(Files.readString(file));
            String type = answer.headers().firstValue("Content-Type").orElseThrow();
            if (name.endsWith(".js")) {
                assertThat(type).as(name).startsWith("text/javascript");
            } else if (name.endsWith(".css")) {
                assertThat(type).as(name).startsWith("text/css");
            }
        }
    }

    @Test
    void ownScriptsMakeNoMarkupAndLoadNothingFromElsewhere() throws IOException {
        for (Path file : sources()) {
            String name = SOURCES.relativize(file).toString();
            if (name.endsWith(".js") && !name.startsWith("vendor/")) {
                assertThat(Files.readString(file))
                        .as(name)
                        .doesNotContain(
                                "innerHTML", "outerHTML", "insertAdjacentHTML", "eval(", "import('http", "src: 'http");
            }
        }
    }

    @Test
    void browserThatHasAFileIsToldSo() {
        HttpResponse<String> first = relay.get("/");
        String tag = first.headers().firstValue("ETag").orElseThrow();

        HttpResponse<String> again = relay.send("GET", "/", null, "If-None-Match", tag);

        assertThat(again.statusCode()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
        // Its headers replace those that the browser has kept.
        assertThat(again.headers().firstValue("Content-Security-Policy"))
                .isEqualTo(first.headers().firstValue("Content-Security-Policy"));
    }

    @Test
    void compressedForWhoAsksForIt() {
        HttpResponse<String> answer = relay.send("GET", "/pages/app.js", null, "Accept-Encoding", "gzip");

        assertThat(answer.headers().firstValue("Content-Encoding")).contains("gzip");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/pages/",
                "/pages",
                "/pages/none.js",
                "/pages/views",
                "/pages/../openapi.yaml",
                "/pages/%2e%2e/openapi.yaml",
                "/pages/..%2fopenapi.yaml",
                "/pages/.hidden",
                "/pages//app.js%00",
            })
    void otherNamesAreNotFound(String path) {
        assertThat(relay.get(path).statusCode()).isIn(400, 404);
    }

    private static List<Path> sources() throws IOException {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }
}
