package io.millrace.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Each file by itself, patches too: whether the API knows every field. Needs no kubectl. */
@Tag("any-jdk")
class ManifestFilesTest {
    @ParameterizedTest
    @MethodSource("files")
    void apiKnowsEveryField(Path file) {
        List<JsonNode> objects = objects(file);

        assertThat(objects)
                .filteredOn(object -> !object.path("apiVersion").asString().startsWith("monitoring.coreos.com/"))
                .allSatisfy(ApiModel::strictly);
    }

    @Test
    void thereAreFiles() throws Exception {
        assertThat(files()).hasSizeGreaterThan(10);
    }

    static Stream<Path> files() throws IOException {
        return Stream.of("base", "components", "overlays")
                .flatMap(ManifestFilesTest::within)
                .filter(file -> file.toString().endsWith(".yaml"))
                .filter(file -> !List.of("kustomization.yaml", "millrace.yaml")
                        .contains(file.getFileName().toString()));
    }

    private static Stream<Path> within(String directory) {
        try (Stream<Path> files = Files.walk(Path.of(directory))) {
            return files.toList().stream();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static List<JsonNode> objects(Path file) {
        return new YAMLMapper()
                .readerFor(JsonNode.class)
                .<JsonNode>readValues(file.toFile())
                .readAll();
    }
}
