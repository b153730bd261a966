package io.millrace.relay.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * What is served as it lies in the program: read once, kept, also compressed, with a tag of its content so that a browser
 * that has it asks and is told so. (Vert.x's own handler unpacks files of a jar into a directory, which a read-only container
 * doesn't have.)
 */
final class StaticFiles {
    /** Of a page: what it loads is from here, and no script or style is in the page itself. */
    private static final String PAGE_POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self' blob:;"
                    + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static final Map<String, String> MEDIA_TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "mjs", "text/javascript; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "svg", "image/svg+xml",
            "yaml", "application/yaml",
            "json", "application/json");

    /** No dot at the beginning of a segment: nothing hidden, and no way up. */
    private static final Pattern NAME =
            Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*){0,4}");

    /** Only what exists is kept, so that inventing names fills nothing. */
    private final Map<String, Content> contents = new ConcurrentHashMap<>();

    private record Content(Buffer plain, Buffer compressed, String tag) {}

    /** Answers with the file of this name beside this class, or with 404. */
    void answer(RoutingContext request, String name) {
        answer(request, name, () -> resource(name));
    }

    /**
     * Answers with what is made once.
     *
     * @param name of the content, whose extension tells its type
     */
    void answer(RoutingContext request, String name, Callable<@Nullable Buffer> made) {
        request.vertx()
                .executeBlocking(() -> content(name, made), false)
                .onSuccess(content -> content.ifPresentOrElse(
                        known -> send(request, name, known),
                        () -> Problem.notFound("no such page").send(request)))
                .onFailure(request::fail);
    }

    static Buffer required(String name) throws IOException {
        Buffer content = resource(name);
        if (content == null) {
            throw new IOException("the program has no " + name);
        }
        return content;
    }

    private Optional<Content> content(String name, Callable<@Nullable Buffer> made) throws Exception {
        Content known = contents.get(name);
        if (known == null) {
            Buffer plain = made.call();
            if (plain == null) {
                return Optional.empty();
            }
            known = new Content(plain, compressed(plain), tag(plain));
            contents.put(name, known);
        }
        return Optional.of(known);
    }

    private static void send(RoutingContext request, String name, Content content) {
        HttpServerResponse response = request.response();
        // It changes with the program only; but whoever asks after an update must see that.
        response.putHeader("Cache-Control", "no-cache").putHeader("ETag", content.tag());
        response.putHeader("Vary", "Accept-Encoding");
        String type = mediaType(name);
        if (type.startsWith("text/html")) {
            // Also with 304: a browser takes the headers of that for those of the page that it has.
            response.putHeader("Content-Security-Policy", PAGE_POLICY);
        }
        if (content.tag().equals(request.request().getHeader("If-None-Match"))) {
            var unused = response.setStatusCode(304).end();
            return;
        }
        response.putHeader("Content-Type", type);
        String accepted = request.request().getHeader("Accept-Encoding");
        if (accepted != null && accepted.contains("gzip")) {
            var unused = response.putHeader("Content-Encoding", "gzip").end(content.compressed());
        } else {
            var unused = response.end(content.plain());
        }
    }

    private static String mediaType(String name) {
        return MEDIA_TYPES.getOrDefault(name.substring(name.lastIndexOf('.') + 1), "text/plain; charset=utf-8");
    }

    private static @Nullable Buffer resource(String name) throws IOException {
        if (!NAME.matcher(name).matches() || !name.contains(".")) {
            return null;
        }
        try (InputStream in = StaticFiles.class.getResourceAsStream(name)) {
            return in == null ? null : Buffer.buffer(in.readAllBytes());
        }
    }

    private static Buffer compressed(Buffer plain) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(bytes)) {
            zip.write(plain.getBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Buffer.buffer(bytes.toByteArray());
    }

    private static String tag(Buffer content) throws NoSuchAlgorithmException {
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(content.getBytes());
        return '"' + HexFormat.of().formatHex(hash, 0, 16) + '"';
    }
}
