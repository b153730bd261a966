package io.millrace.relay.ts;

/**
 * A picture that a decoder may begin with: IDR of H.264, IRAP of H.265, or what has the random access indicator.
 *
 * @param position of the payload that it begins in, in the stream's log
 * @param tablesPosition of the payload that the last PAT before it began in, behind which the program's PMT came too; -1 if
 *     not both are known
 * @param pid of the video
 * @param micros time of its payload
 */
public record RandomAccessPoint(long position, long tablesPosition, int pid, long micros) {}
