package io.millrace.srt.receive;

/** When a receiver hands its payloads over. */
public enum Delivery {
    /** At once, in the order of arrival, holes and all: for a relay, whose subscribers do the waiting. */
    ON_ARRIVAL,
    /** In order, each at its origin time plus the latency: TSBPD as an ordinary receiver does it. */
    BY_TIMESTAMP
}
