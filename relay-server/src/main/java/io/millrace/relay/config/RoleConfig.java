package io.millrace.relay.config;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which nodes open a listener, where nodes work together.
 *
 * @param exclusive whether one node at a time opens it; otherwise every node does
 * @param preferred names of the nodes that should have it, the first most
 * @param address a floating address that goes where the role goes: told to the command, and bound after it; null for none
 * @param command a program with its arguments that is run when this node gets the role or gives it up; empty for none
 * @param service a Kubernetes service that is pointed at the node that has the role; null for none
 */
public record RoleConfig(
        boolean exclusive,
        List<String> preferred,
        @Nullable String address,
        List<String> command,
        @Nullable String service) {
    /** A listener that every node opens. */
    public static final RoleConfig EVERY_NODE = new RoleConfig(false, List.of(), null, List.of(), null);

    private static final TextForm ARGUMENTS =
            TextForm.of(TextForm.CLEAN + "{1,1024}", "a program or an argument of 1 to 1024 characters");
    private static final TextForm SERVICES =
            TextForm.of("[a-z]([a-z0-9-]{0,61}[a-z0-9])?", "the name of a Kubernetes service");

    public RoleConfig {
        preferred = List.copyOf(preferred);
        command = List.copyOf(command);
    }

    static RoleConfig bind(Section keys) {
        RoleConfig role = new RoleConfig(
                keys.flag("exclusive", false),
                keys.texts("preferred", List.of(), ListenerConfig.NAMES, Optional::of),
                keys.optionalText("address", IpLiteral.FORM),
                keys.texts("command", List.of(), ARGUMENTS, Optional::of),
                keys.optionalText("service", SERVICES));
        if (!role.exclusive) {
            role.refuseIfSet(keys, "preferred", !role.preferred.isEmpty());
            role.refuseIfSet(keys, "address", role.address != null);
            role.refuseIfSet(keys, "command", !role.command.isEmpty());
            role.refuseIfSet(keys, "service", role.service != null);
        }
        if (role.address != null && role.command.isEmpty()) {
            keys.refuse("command", "none", "a program that brings role.address to this machine, as address is set");
        }
        return role;
    }

    private void refuseIfSet(Section keys, String key, boolean isSet) {
        if (isSet) {
            keys.refuse(key, "a value", "nothing, unless role.exclusive is true");
        }
    }
}
