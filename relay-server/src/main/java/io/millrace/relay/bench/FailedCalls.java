package io.millrace.relay.bench;

import io.millrace.relay.call.CallFailedException;
import io.millrace.srt.handshake.RejectReason;
import io.vertx.core.Future;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The calls of a kind that failed, and what their user can do about it.
 *
 * @param calls that were made
 * @param byLabel how many failed for which reason
 * @param reasons all of them
 */
record FailedCalls(int calls, Map<String, Integer> byLabel, Set<RejectReason> reasons) {
    /** @param calls all of which have ended */
    static FailedCalls among(List<Future<Void>> calls) {
        Map<String, Integer> byLabel = new TreeMap<>();
        Set<RejectReason> reasons = EnumSet.noneOf(RejectReason.class);
        for (Future<Void> call : calls) {
            if (call.cause() instanceof CallFailedException failed) {
                byLabel.merge(failed.label(), 1, Integer::sum);
                reasons.add(failed.reason());
            }
        }
        return new FailedCalls(calls.size(), byLabel, reasons);
    }

    int count() {
        return byLabel.values().stream().mapToInt(Integer::intValue).sum();
    }

    /**
     * Such as "2 of 3 subscribers could not connect to srt://…: NOT_FOUND (2); check that …".
     *
     * @param who publishers or subscribers
     * @param server as the user wrote it
     */
    String describe(String who, String server, boolean encrypted) {
        String counts = byLabel.entrySet().stream()
                .map(entry -> entry.getKey() + " (" + entry.getValue() + ")")
                .collect(Collectors.joining(", "));
        String advice = reasons.stream()
                .map(reason -> advice(reason, encrypted))
                .distinct()
                .collect(Collectors.joining("; "));
        return String.format(
                "%d of %d %s could not connect to %s: %s; %s", count(), calls, who, server, counts, advice);
    }

    private static String advice(RejectReason reason, boolean encrypted) {
        return switch (reason) {
            case TIMEOUT -> "nothing answered: check that an SRT server listens there and that UDP gets through";
            case BAD_SECRET -> "check --passphrase";
            case UNSECURE ->
                encrypted
                        ? "the server does not encrypt: leave out --passphrase"
                        : "the server encrypts: give --passphrase";
            case CRYPTO -> "the server has another cipher or key length: see --key-length";
            case CONFLICT -> "somebody else publishes that stream: choose others with --publish-id and --request-id";
            case NOT_FOUND -> "check that --publish-id and --request-id name the same stream";
            case UNAUTHORIZED, FORBIDDEN, BAD_REQUEST, BAD_MODE, UNACCEPTABLE, LOCKED ->
                "the server does not allow it: change its rules, or --publish-id and --request-id";
            case OVERLOAD, RESOURCE, BACKLOG, NO_ROOM -> "the server takes no more: ask for less, or raise its limits";
            default -> "the server's log may say why";
        };
    }
}
