package io.millrace.relay.config;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Who may publish and request what.
 *
 * @param order which sources are asked, one after the other until one has an opinion
 * @param otherwise what becomes of a caller about which none has
 * @param rules of {@link Source#RULES}: the first one that fits a caller decides
 * @param webhook a server that is asked
 * @param notifications a server that is told
 * @param jwt which tokens are accepted
 */
public record AccessConfig(
        List<Source> order,
        Otherwise otherwise,
        List<AccessRuleConfig> rules,
        WebhookConfig webhook,
        NotificationsConfig notifications,
        JwtConfig jwt) {
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
        rules = List.copyOf(rules);
    }

    /** @param listeners names of the listeners that there are */
    static AccessConfig bind(Section keys, Set<String> listeners) {
        return new AccessConfig(
                keys.choices("order", List.of(Source.values()), Source.class),
                keys.choice("otherwise", Otherwise.ALLOW),
                rules(keys, listeners),
                keys.section("webhook", WebhookConfig::bind),
                keys.section("notifications", NotificationsConfig::bind),
                keys.section("jwt", JwtConfig::bind));
    }

    private static List<AccessRuleConfig> rules(Section keys, Set<String> listeners) {
        Set<String> names = new HashSet<>();
        return keys.sections("rules", entry -> {
            AccessRuleConfig rule = AccessRuleConfig.bind(entry, listeners);
            // A name that was refused is another one now.
            if (entry.isSound() && !names.add(rule.name())) {
                entry.refuse("name", rule.name(), "a name that no other rule has");
            }
            return rule;
        });
    }
}
