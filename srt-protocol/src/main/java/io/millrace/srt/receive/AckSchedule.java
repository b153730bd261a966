package io.millrace.srt.receive;

/**
 * When a receiver acknowledges what, and which acknowledgement an ACKACK answers. draft-sharabayko-srt §4.8.1.
 *
 * <p>A full ACK every 10 ms while there is news; a light one after each 64 packets in between. A value is repeated only
 * when no ACKACK has confirmed it within the round-trip time and four variances. A peer that was told that there is no
 * room stops sending, so when there is room again it is told without news, until it has confirmed that.
 */
final class AckSchedule {
    /** Period of full ACKs, §4.8.1. */
    static final long PERIOD_MICROS = 10_000;

    private static final int LIGHT_ACK_PACKETS = 64;

    /** ACKs that can be on their way at once: 2.5 s of them. */
    private static final int JOURNAL = 256;

    private final int[] journalNumbers = new int[JOURNAL];
    private final long[] journalTimes = new long[JOURNAL];
    private final long[] journalValues = new long[JOURNAL];

    private int lastNumber;
    private int lastWindow = 1;
    /** The last ACK that offered no room, or 0 since the peer has confirmed a later one. */
    private int closingNumber;

    private long lastValue;
    private long lastSentMicros = Long.MIN_VALUE / 2;
    private long confirmedValue;
    private int packetsSincePeriod;
    private int lightAcksInPeriod;

    /** Notes a data packet; true if a light ACK is due. */
    boolean onPacket() {
        if (++packetsSincePeriod < LIGHT_ACK_PACKETS * (lightAcksInPeriod + 1)) {
            return false;
        }
        lightAcksInPeriod++;
        return true;
    }

    /**
     * Whether a full ACK for {@code value} is to be sent now.
     *
     * @param window packets that there is room for from {@code value} on
     * @param patienceMicros time after which an unconfirmed value is repeated: RTT + 4 × variance
     */
    boolean isDue(long value, int window, long nowMicros, long patienceMicros) {
        packetsSincePeriod = 0;
        lightAcksInPeriod = 0;
        boolean reopened = closingNumber != 0 && window > 0;
        if (value > lastValue || (reopened && lastWindow == 0)) {
            return true;
        }
        return (value > confirmedValue || reopened) && nowMicros - lastSentMicros >= patienceMicros;
    }

    /** Whether the peer may still have to learn {@code value}, or of room, so that the schedule must go on. */
    boolean isPending(long value) {
        return value > confirmedValue || closingNumber != 0;
    }

    /** Whether the coming full ACK must do with four words, since the last one was sent just now. */
    boolean isSmall(long nowMicros) {
        return nowMicros - lastSentMicros < PERIOD_MICROS;
    }

    /** Notes a full or small ACK and returns its number. */
    int sent(long value, int window, long nowMicros) {
        lastNumber = lastNumber == Integer.MAX_VALUE ? 1 : lastNumber + 1;
        int place = lastNumber % JOURNAL;
        journalNumbers[place] = lastNumber;
        journalTimes[place] = nowMicros;
        journalValues[place] = value;
        lastValue = value;
        lastSentMicros = nowMicros;
        lastWindow = window;
        if (window == 0) {
            closingNumber = lastNumber;
        }
        return lastNumber;
    }

    /** Takes an ACKACK and returns the round-trip time in microseconds, or -1 if it answers no ACK that is known. */
    long confirmed(int number, long nowMicros) {
        if (number <= 0 || journalNumbers[number % JOURNAL] != number) {
            return -1;
        }
        int place = number % JOURNAL;
        journalNumbers[place] = 0;
        confirmedValue = Math.max(confirmedValue, journalValues[place]);
        if (number > closingNumber) {
            closingNumber = 0;
        }
        return nowMicros - journalTimes[place];
    }
}
