package io.millrace.relay.ts;

/**
 * What the header of an audio frame says.
 *
 * @param sampleRate in Hz; with AAC that of its core, which HE-AAC doubles
 * @param channels with the one for low frequencies; 0 where the header leaves it open
 */
public record AudioFormat(int sampleRate, int channels) {}
