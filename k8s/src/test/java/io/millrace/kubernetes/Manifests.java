package io.millrace.kubernetes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** What a directory with a kustomization comes to, as {@code kubectl kustomize} renders it. */
public final class Manifests {
    private static final YAMLMapper YAML = new YAMLMapper();

    private final List<JsonNode> objects;

    private Manifests(List<JsonNode> objects) {
        this.objects = objects;
    }

    /** The one that is shipped under this name. */
    public static Manifests ofOverlay(String name) throws IOException, InterruptedException {
        return of(Path.of("overlays", name));
    }

    static Manifests of(Path directory) throws IOException, InterruptedException {
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
