package io.millrace.srt.crypto;

/**
 * When a sender's keys change, and which key belongs to which packet. Counts and positions only, no secrets; packets are
 * named by their offset from the connection's first.
 *
 * <p>Changes come by the number of packets sent for the first time and not by offset: where a sender skips packets, its
 * next key has been announced the same number of packets before all the same. The offset of a change is remembered.
 */
final class KeyRefresh {
    /** What is to be done before a packet goes out. */
    enum Event {
        NONE,
        /** The other key is replaced by a new one, and the peer told. */
        ANNOUNCE,
        /** The other key is the current one from this packet on. */
        SWITCH,
        /** The other key, an old one, is not needed any more. */
        RETIRE
    }

    private final RefreshPeriod period;
    private final long retireAfterPackets;

    private int currentFlag = KeyFlags.EVEN;
    private long currentFrom;
    private long sentByCurrent;

    /** Offsets from here to {@link #currentFrom} belong to the other key, while it is an old one. */
    private long previousFrom;

    private boolean previousKept;
    private boolean announced;
    private boolean switchAtOnce;

    /** @param windowPackets how far back retransmissions reach: an old key is kept so long */
    KeyRefresh(RefreshPeriod period, long windowPackets) {
        this.period = period;
        retireAfterPackets = Math.max(period.preAnnouncePackets(), windowPackets);
    }

    /**
     * Counts the packet that goes out next, for the first time, and that is farther than any before it. What is to be done
     * for it comes first.
     */
    Event beforeFirst(long offset) {
        Event event = due();
        switch (event) {
            case SWITCH -> switchAt(offset);
            case ANNOUNCE -> announce();
            case RETIRE -> previousKept = false;
            case NONE -> {}
        }
        sentByCurrent++;
        return event;
    }

    private Event due() {
        if (announced && (switchAtOnce || sentByCurrent >= period.packets())) {
            return Event.SWITCH;
        }
        if (!announced && sentByCurrent >= period.packets() - period.preAnnouncePackets()) {
            return Event.ANNOUNCE;
        }
        return previousKept && sentByCurrent >= retireAfterPackets ? Event.RETIRE : Event.NONE;
    }

    /** The next key is being announced out of turn; the next new packet will be the first to go by it. */
    void renew() {
        announce();
        switchAtOnce = true;
    }

    private void announce() {
        announced = true;
        previousKept = false;
    }

    private void switchAt(long offset) {
        previousFrom = currentFrom;
        previousKept = sentByCurrent > 0;
        currentFrom = offset;
        currentFlag = KeyFlags.other(currentFlag);
        sentByCurrent = 0;
        announced = false;
        switchAtOnce = false;
    }

    /** KK of the current key. */
    int currentFlag() {
        return currentFlag;
    }

    /**
     * KK for the packet at this offset, whenever it is sent and however often: the key that was current when its turn
     * was. Once the peer was given another key in that one's place, the current key is the one that the peer can still
     * read; it was not used for that sequence number before.
     */
    int keyFlagsAt(long offset) {
        if (switchAtOnce && sentByCurrent == 0) {
            // A packet that is not farther than those that were skipped before it: it must not be what the first key is
            // used for after all.
            return KeyFlags.other(currentFlag);
        }
        boolean old = previousKept && offset < currentFrom && offset >= previousFrom;
        return old ? KeyFlags.other(currentFlag) : currentFlag;
    }
}
