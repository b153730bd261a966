package io.millrace.relay.config;

import java.util.List;

/**
 * Who may publish and request what.
 *
 * @param order which sources are asked, one after the other until one has an opinion
 * @param otherwise what becomes of a caller about which none has
 * @param jwt which tokens are accepted
 */
public record AccessConfig(List<Source> order, Otherwise otherwise, JwtConfig jwt) {
    /** What knows who may do what. */
    public enum Source {
        RULES,
        WEBHOOK,
        JWT
    }

    /** What becomes of a caller that no source knows. */
    public enum Otherwise {
        ALLOW,
        DENY
    }

    public AccessConfig {
        order = List.copyOf(order);
    }

    static AccessConfig bind(Section keys) {
        return new AccessConfig(
                keys.choices("order", List.of(Source.values()), Source.class),
                keys.choice("otherwise", Otherwise.ALLOW),
                keys.section("jwt", JwtConfig::bind));
    }
}
