package io.millrace.relay.access;

import io.millrace.relay.config.JwtAlgorithm;
import io.millrace.relay.config.SecretReference;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The key that stands in the configuration or in a file that it names, which may change. */
final class ConfiguredKey implements TokenKeys {
    private static final Logger LOG = LoggerFactory.getLogger(ConfiguredKey.class);

    private final Vertx vertx;
    private final SecretReference reference;
    private final List<JwtAlgorithm> algorithms;
    private volatile @Nullable Loaded loaded;

    private record Loaded(String text, KeySet keys) {}

    ConfiguredKey(Vertx vertx, SecretReference reference, List<JwtAlgorithm> algorithms) {
        this.vertx = vertx;
        this.reference = reference;
        this.algorithms = algorithms;
    }

    @Override
    public @Nullable KeySet current() {
        Loaded known = loaded;
        try {
            String text = reference.value();
            if (known == null || !known.text.equals(text)) {
                known = new Loaded(text, KeySet.of(vertx, text, algorithms));
                loaded = known;
                if (known.keys.keys().isEmpty()) {
                    LOG.warn("access.jwt.key {} fits none of access.jwt.algorithms: tokens are refused", reference);
                }
            }
            return known.keys;
        } catch (IOException e) {
            return known == null ? null : known.keys;
        }
    }

    @Override
    public Future<Void> renewed() {
        return Future.succeededFuture();
    }

    @Override
    public void close() {}
}
