package io.millrace.relay.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The file that is shipped documents the configuration that is built in. */
class DefaultFileTest {
    private static final Path FILE = Path.of("..", "conf", "millrace.yaml");

    @Test
    void fileLoadsToTheDefaults() throws Exception {
        assertThat(new ConfigurationSources(FILE, List.of()).load()).isEqualTo(RelayConfig.defaults());
    }

    @Test
    void fileHasEveryKeyAndNoOther() throws Exception {
        YAMLMapper yaml = new YAMLMapper();
        JsonNode written = yaml.readTree(FILE.toFile());

        // Not only equal records: a key that is left out of the file would have its default as well.
        assertThat(written).isEqualTo(yaml.readTree(RelayConfig.defaults().toYaml()));
    }

    @Test
    void everyKeyHasACommentOfTwoLines() throws Exception {
        List<String> lines = Files.readAllLines(FILE);
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).matches(" +(- )?\\w+: .*")) {
                assertThat(lines.subList(i - 2, i)).as(lines.get(i)).allMatch(line -> line.matches(" +# .+"));
            }
        }
    }
}
