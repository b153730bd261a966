package io.millrace.cluster;

import org.jspecify.annotations.Nullable;

class LocalClusterTest extends ClusterContract {
    private @Nullable LocalCluster first;

    @Override
    protected Cluster start(NodeIdentity self) {
        if (first == null) {
            first = LocalCluster.alone(self);
            return first;
        }
        return first.joinedBy(self);
    }

    @Override
    protected void kill(Cluster node) {
        ((LocalCluster) node).vanish();
    }
}
