package io.millrace.relay.access;

/** What a webhook's answer comes to. */
sealed interface WebhookAnswer {
    /**
     * It says something.
     *
     * @param ttlMillis how long it says so
     */
    record Usable(AccessDecision decision, long ttlMillis) implements WebhookAnswer {}

    /**
     * It can't be acted on.
     *
     * @param fault what is wrong with it, to follow the server's name; holds nothing of the answer that may be secret
     * @param refused whether it clearly refuses the caller all the same
     */
    record Unusable(String fault, boolean refused) implements WebhookAnswer {}
}
