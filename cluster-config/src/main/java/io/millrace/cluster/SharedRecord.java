package io.millrace.cluster;

/**
 * A text that all nodes keep until it runs out.
 *
 * @param version of two records of a key the higher one stays
 * @param text what it says; only who wrote it understands it
 * @param expiresMillis when nobody needs it any more, milliseconds since 1970 by the clocks of the nodes
 */
public record SharedRecord(long version, String text, long expiresMillis) implements Versioned<SharedRecord> {
    /** This record, or the other one if that is newer. */
    SharedRecord orNewer(SharedRecord other) {
        return other.isNewerThan(this) ? other : this;
    }

    boolean hasExpired() {
        return System.currentTimeMillis() >= expiresMillis;
    }

    @Override
    public boolean isNewerThan(SharedRecord other) {
        return version > other.version;
    }

    @Override
    public long keepSeconds() {
        return Math.max(0, (expiresMillis - System.currentTimeMillis()) / 1_000) + 1;
    }
}
