package io.millrace.relay.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.millrace.kubernetes.Manifests;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A pod may do what the relay does, and nothing else. */
@Tag("any-jdk")
@Timeout(180)
class RightsTest {
    private static final List<String> SERVICES = List.of("millrace-ingest-a", "millrace-ingest-b");

    @Test
    void roleAllowsExactlyWhatIsAskedForInTheLifeOfAService(@TempDir Path account) throws Exception {
        Manifests manifests = Manifests.ofOverlay("cluster");
        Set<String> allowed = new TreeSet<>();
        for (PolicyRule rule : manifests.the(Role.class).getRules()) {
            assertThat(rule.getApiGroups()).containsExactly("discovery.k8s.io");
            assertThat(rule.getResources()).containsExactly("endpointslices");
            for (String verb : rule.getVerbs()) {
                if (rule.getResourceNames().isEmpty()) {
                    allowed.add(verb);
                }
                rule.getResourceNames().forEach(name -> allowed.add(verb + " " + name));
            }
        }

        assertThat(asked(account)).isEqualTo(allowed);
    }

    @Test
    void podsHaveThatRole() throws Exception {
        Manifests manifests = Manifests.ofOverlay("cluster");
        String account = manifests.the(ServiceAccount.class).getMetadata().getName();
        RoleBinding binding = manifests.the(RoleBinding.class);

        assertThat(manifests
                        .the(StatefulSet.class)
                        .getSpec()
                        .getTemplate()
                        .getSpec()
                        .getServiceAccountName())
                .isEqualTo(account);
        assertThat(binding.getRoleRef().getKind()).isEqualTo("Role");
        assertThat(binding.getRoleRef().getName())
                .isEqualTo(manifests.the(Role.class).getMetadata().getName());
        assertThat(binding.getSubjects()).singleElement().satisfies(subject -> {
            assertThat(subject.getKind()).isEqualTo("ServiceAccount");
            assertThat(subject.getName()).isEqualTo(account);
            assertThat(subject.getNamespace())
                    .isEqualTo(manifests.the(ServiceAccount.class).getMetadata().getNamespace());
        });
    }

    private static Set<String> asked(Path account) throws Exception {
        Vertx vertx = Vertx.vertx();
        try (MockApi api = new MockApi(account)) {
            EndpointSlices slices = api.client(vertx);
            for (String service : SERVICES) {
                for (int epoch = 1; epoch <= 2; epoch++) {
                    slices.point(service, 9001, "10.1.2.3", epoch)
                            .toCompletionStage()
                            .toCompletableFuture()
                            .get(30, TimeUnit.SECONDS);
                }
            }
            Set<String> asked = new TreeSet<>();
            for (MockApi.Asked request : api.asked()) {
                String name = request.path().substring(request.path().lastIndexOf('/') + 1);
                asked.add(
                        switch (request.method()) {
                            case "GET" -> "get " + name;
                            case "PUT" -> "update " + name;
                            case "POST" -> "create";
                            default -> throw new AssertionError(request);
                        });
            }
            return asked;
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        }
    }
}
