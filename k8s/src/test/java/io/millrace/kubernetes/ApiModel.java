package io.millrace.kubernetes;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResource;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.introspect.Annotated;
import tools.jackson.databind.introspect.JacksonAnnotationIntrospector;
import tools.jackson.databind.json.JsonMapper;

/** The objects of Kubernetes' API, read as its server reads them when it validates: what it doesn't know is an error. */
public final class ApiModel {
    private static final KubernetesSerialization KINDS = new KubernetesSerialization();
    private static final ObjectMapper STRICT = JsonMapper.builder()
            .annotationIntrospector(new NothingElse())
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .build();

    private ApiModel() {}

    /** Classes of the model keep what they don't know in a map; without it they refuse it. */
    private static final class NothingElse extends JacksonAnnotationIntrospector {
        private static final long serialVersionUID = 1;

        @Override
        public Boolean hasAnySetter(MapperConfig<?> config, Annotated annotated) {
            return false;
        }
    }

    /** Whether the model has objects like this; it has no custom resources. */
    public static boolean knows(JsonNode object) {
        return type(object) != null;
    }

    /** Fails for a field or a kind that there isn't, and for a value of another type. */
    public static HasMetadata strictly(JsonNode object) {
        Class<? extends KubernetesResource> type = type(object);
        if (type == null) {
            throw new AssertionError("no such kind: " + object.path("apiVersion") + " " + object.path("kind"));
        }
        return (HasMetadata) STRICT.treeToValue(object, type);
    }

    /** Fails as above. */
    public static HasMetadata strictly(String json) {
        return strictly(STRICT.readTree(json));
    }

    private static Class<? extends KubernetesResource> type(JsonNode object) {
        return KINDS.getRegisteredKubernetesResource(
                object.path("apiVersion").asString(), object.path("kind").asString());
    }
}
