package io.millrace.kubernetes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** What a directory with a kustomization comes to, as {@code kubectl kustomize} renders it. */
public final class Manifests {
    private static final YAMLMapper YAML = new YAMLMapper();

    private static final int OLDEST_KUSTOMIZE = 5;
    private static final Pattern KUSTOMIZE_VERSION = Pattern.compile("Kustomize Version: v(\\d+)");
    private static final int KUSTOMIZE = kustomize();

    private final List<JsonNode> objects;

    private Manifests(List<JsonNode> objects) {
        this.objects = objects;
    }

    /** The one that is shipped under this name. */
    public static Manifests ofOverlay(String name) throws IOException, InterruptedException {
        return of(Path.of("overlays", name));
    }

    /** Aborts the test where kubectl is too old for it, as that of Debian 12 is; then the files alone are tested. */
    static Manifests of(Path directory) throws IOException, InterruptedException {
        assumeTrue(KUSTOMIZE >= OLDEST_KUSTOMIZE, "kubectl 1.27 or later is needed to render the manifests");
        Path output = Files.createTempFile("manifests", ".yaml");
        Path errors = Files.createTempFile("manifests", ".err");
        try {
            Process process = new ProcessBuilder("kubectl", "kustomize", directory.toString())
                    .redirectOutput(output.toFile())
                    .redirectError(errors.toFile())
                    .start();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("kubectl ends").isTrue();
            // Also what it only warns of: fields that are going to be removed.
            assertThat(Files.readString(errors, UTF_8))
                    .as("kubectl kustomize %s (needs kubectl 1.27 or later)", directory)
                    .isEmpty();
            assertThat(process.exitValue()).isZero();
            return new Manifests(YAML.readerFor(JsonNode.class)
                    .<JsonNode>readValues(output.toFile())
                    .readAll());
        } finally {
            Files.delete(output);
            Files.delete(errors);
        }
    }

    /** Major version of the one in kubectl; 0 for none. */
    private static int kustomize() {
        try {
            Process process = new ProcessBuilder("kubectl", "version", "--client")
                    .redirectErrorStream(true)
                    .start();
            String said = new String(process.getInputStream().readAllBytes(), UTF_8);
            Matcher version = KUSTOMIZE_VERSION.matcher(said);
            return version.find() ? Integer.parseInt(version.group(1)) : 0;
        } catch (IOException e) {
            return 0;
        }
    }

    /** As rendered. */
    List<JsonNode> objects() {
        return objects;
    }

    /** All of one type. */
    public <T extends HasMetadata> List<T> all(Class<T> type) {
        List<T> found = new ArrayList<>();
        for (JsonNode object : objects) {
            if (object.path("kind").asString().equals(type.getSimpleName())) {
                found.add(type.cast(ApiModel.strictly(object)));
            }
        }
        return found;
    }

    /** The only one of one type. */
    public <T extends HasMetadata> T the(Class<T> type) {
        List<T> found = all(type);
        assertThat(found).hasSize(1);
        return found.get(0);
    }

    /** The one of a type and a name. */
    public <T extends HasMetadata> T the(Class<T> type, String name) {
        return all(type).stream()
                .filter(object -> object.getMetadata().getName().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + type.getSimpleName() + " " + name));
    }
}
