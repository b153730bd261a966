package io.millrace.relay.access;

import static io.millrace.srt.handshake.RejectReason.FORBIDDEN;
import static io.millrace.srt.handshake.RejectReason.INTERNAL_SERVER_ERROR;
import static io.millrace.srt.handshake.RejectReason.UNAUTHORIZED;

import io.millrace.relay.config.AccessRuleConfig;
import io.millrace.srt.crypto.Passphrase;
import io.vertx.core.Future;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rules of the configuration: the first one that fits a caller, its password included, decides. Who fits a rule but for
 * the password, and nothing that follows, is refused.
 */
final class AccessRules implements AccessSource {
    private final List<AccessRule> rules;
    private final SecretFaults faults;

    AccessRules(List<AccessRuleConfig> rules) {
        this(rules, new SecretFaults());
    }

    AccessRules(List<AccessRuleConfig> rules, SecretFaults faults) {
        this.rules = rules.stream().map(AccessRule::new).toList();
        this.faults = faults;
    }

    @Override
    public Future<AccessDecision> decide(AccessRequest caller) {
        return Future.succeededFuture(decision(caller));
    }

    private AccessDecision decision(AccessRequest caller) {
        String password = caller.request().secret();
        AccessRule closed = null;
        for (int i = 0; i < rules.size(); i++) {
            AccessRule rule = rules.get(i);
            if (!rule.fits(caller)) {
                continue;
            }
            try {
                if (rule.isOpenTo(password)) {
                    return rule.allows() ? grant(i, caller) : forbidden(rule, closed);
                }
            } catch (IOException e) {
                return unusable(i, "password", e);
            }
            closed = closed == null ? rule : closed;
        }
        return closed == null ? NoOpinion.NO_OPINION : unauthorized(closed, password);
    }

    private AccessDecision grant(int index, AccessRequest caller) {
        AccessRule rule = rules.get(index);
        Passphrase passphrase;
        try {
            passphrase = rule.passphrase();
        } catch (IOException e) {
            return unusable(index, "passphrase", e);
        }
        return new Grant(rule.toString(), caller.request().stream(), passphrase, rule.join(), rule.limits(), () -> {});
    }

    private static Refusal forbidden(AccessRule rule, @Nullable AccessRule closed) {
        String hint = closed == null ? "" : "; " + closed + " before it allows callers who send its password";
        return new Refusal(
                FORBIDDEN, rule + " refuses this caller: if it may come in, allow it by a rule before that one" + hint);
    }

    private static Refusal unauthorized(AccessRule closed, @Nullable String password) {
        return new Refusal(
                UNAUTHORIZED,
                password == null
                        ? closed + " wants a password, and the caller sent none: add s=PASSWORD to its stream id"
                        : "the caller's password is not that of " + closed + ": correct s= in its stream id");
    }

    private Refusal unusable(int index, String key, IOException fault) {
        faults.report("access.rules[" + index + "]." + key, fault);
        return new Refusal(
                INTERNAL_SERVER_ERROR,
                "the " + key + " of " + rules.get(index) + " can't be used, see the log: mend what access.rules["
                        + index + "]." + key + " refers to");
    }
}
