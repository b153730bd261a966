package io.millrace.relay.http;

import io.millrace.relay.config.ApiScope;
import io.millrace.relay.config.RelayConfig;
import io.millrace.relay.role.ClusterView;
import io.millrace.relay.role.ClusterView.NodeState;
import io.millrace.relay.role.ClusterView.RoleState;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The nodes that work together: what each one has, and who has which role. */
final class ClusterApi {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterApi.class);
    private static final String ROLES = "/api/v1/roles";

    private final ClusterView cluster;
    private final Supplier<RelayConfig> config;

    ClusterApi(ClusterView cluster, Supplier<RelayConfig> config) {
        this.cluster = cluster;
        this.config = config;
    }

    void addTo(ApiRoutes routes) {
        routes.get("/api/v1/cluster", ApiScope.READ)
                .handler(request -> JsonAnswer.build(
                        request, () -> ClusterJson.of(cluster, config.get().cluster())));
        routes.get(ROLES, ApiScope.READ)
                .handler(request -> JsonAnswer.build(request, () -> ClusterJson.roles(cluster.roles())));
        routes.post(ROLES + "/:name/owner", ApiScope.OPERATE)
                .handler(JsonBody.handler())
                .handler(this::handOver);
    }

    private void handOver(RoutingContext request) {
        RoleState role = role(request);
        String node = JsonBody.of(request, List.of("node")).text("node", "the id of a node");
        checkThatItCanTake(node);
        String caller = ApiGuard.caller(request);
        Future.fromCompletionStage(
                        cluster.handOver(role.name(), node), request.vertx().getOrCreateContext())
                .onSuccess(isAsked -> {
                    if (isAsked) {
                        LOG.info("role {} is to be handed over to node {}, as {} wants", role.name(), node, caller);
                        JsonAnswer.build(request, 202, () -> ClusterJson.role(role(request)));
                    } else {
                        request.fail(new ProblemException(Problem.conflict(
                                "no node has this role at present, so none can be asked; wait a moment")));
                    }
                })
                .onFailure(failure -> request.fail(new ProblemException(Problem.unavailable(
                        "the cluster did not answer, so nothing is known to have changed; look at GET " + ROLES))));
    }

    private RoleState role(RoutingContext request) {
        RoleState role = cluster.role(PathParameter.text(request, "name"));
        if (role == null) {
            throw new ProblemException(Problem.notFound(
                    "no listener of this name has an exclusive role; GET " + ROLES + " lists those that have"));
        }
        return role;
    }

    private void checkThatItCanTake(String node) {
        List<NodeState> able = cluster.nodes().stream()
                .filter(candidate -> !candidate.node().draining())
                .toList();
        if (able.stream().noneMatch(candidate -> candidate.node().nodeId().equals(node))) {
            throw new ProblemException(Problem.conflict("no node of this id is there and takes roles; those that do: "
                    + able.stream().map(candidate -> candidate.node().nodeId()).collect(Collectors.joining(", "))));
        }
    }
}
