package io.millrace.relay.config;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One rule of who may do what. It speaks about the callers that fit all of listener, action, stream, user, address and
 * password.
 *
 * @param name what logs and refusals call this rule
 * @param listener where the caller came; null for anywhere
 * @param action what it wants to do
 * @param stream the stream's name
 * @param user whom the caller says it is; null for anybody, also without a name
 * @param address where it calls from; empty for anywhere
 * @param allow whether it may
 * @param passphrase that it must encrypt with; null for the listener's, if that has one
 * @param password that it must send in its stream id; null for none
 * @param join where it begins in a stream that it requests; null for the default
 * @param limits bounds of a caller that may
 */
public record AccessRuleConfig(
        String name,
        @Nullable String listener,
        Action action,
        Glob stream,
        @Nullable Glob user,
        List<AddressRange> address,
        boolean allow,
        @Secret @Nullable SecretReference passphrase,
        @Secret @Nullable SecretReference password,
        @Nullable JoinMode join,
        AccessLimitsConfig limits) {

    /** As long as a whole stream id. */
    private static final int MAX_PASSWORD_BYTES = 512;
    /** A name never has slashes or blanks around it, so such a pattern would never fit. */
    private static final TextForm STREAMS =
            Glob.FORM.where(text -> !isPadded(text)).said(Glob.ALLOWED + "; no slashes or blanks around it");

    /** What a caller wants to do. */
    public enum Action {
        PUBLISH,
        REQUEST,
        ANY
    }

    public AccessRuleConfig {
        address = List.copyOf(address);
    }

    /** @param listeners names of the listeners that there are */
    static AccessRuleConfig bind(Section keys, Set<String> listeners) {
        AccessRuleConfig rule = new AccessRuleConfig(
                keys.required("name", "", ListenerConfig.NAMES, Optional::of),
                keys.optionalText(
                        "listener",
                        ListenerConfig.NAMES
                                .where(listeners::contains)
                                .said("the name of a listener, " + String.join(" or ", listeners) + ", or null")),
                keys.choice("action", Action.ANY),
                keys.parsed("stream", Glob.EVERYTHING, STREAMS, Glob::parse),
                keys.optional("user", Glob.FORM.said(Glob.ALLOWED + "; or null"), Glob::parse),
                keys.addressRanges("address"),
                keys.flag("allow", true),
                keys.passphrase("passphrase"),
                keys.secret(
                        "password", TextForm.ofBytes(1, MAX_PASSWORD_BYTES, "1 to " + MAX_PASSWORD_BYTES + " bytes")),
                keys.optional("join", JoinMode.FORM, JoinMode::parse),
                keys.section("limits", AccessLimitsConfig::bind));
        if (!rule.allow) {
            rule.refuseWhatOnlyGuestsGet(keys);
        }
        return rule;
    }

    private static boolean isPadded(String text) {
        return text.startsWith("/") || text.endsWith("/") || !text.strip().equals(text);
    }

    private void refuseWhatOnlyGuestsGet(Section keys) {
        String allowed = "nothing in a rule with allow: false, which lets nobody in";
        if (passphrase != null) {
            keys.refuse("passphrase", "a passphrase", allowed);
        }
        if (password != null) {
            keys.refuse("password", "a password", allowed);
        }
        if (join != null) {
            keys.refuse("join", "a place to begin", allowed);
        }
        if (!limits.equals(AccessLimitsConfig.NONE)) {
            keys.refuse("limits", "limits", allowed);
        }
    }
}
