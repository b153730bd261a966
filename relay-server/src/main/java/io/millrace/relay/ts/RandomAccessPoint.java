package io.millrace.relay.ts;

import org.jspecify.annotations.Nullable;

/**
 * A picture that a decoder may begin with: IDR of H.264, IRAP of H.265, or what has the random access indicator. Without
 * video, any beginning of sound.
 *
 * @param position of the payload that it begins in, in the stream's log
 * @param offset of the TS packet that it begins with in that payload, bytes
 * @param tablesPosition of the payload that the last PAT before it began in, behind which the program's PMT came too; -1 if
 *     not both are known
 * @param tables the last PAT and the program's last PMT before it; null if not both are known
 * @param pid of the video
 * @param micros time of its payload
 */
public record RandomAccessPoint(
        long position,
        int offset,
        long tablesPosition,
        @Nullable TablePackets tables,
        int pid,
        long micros) {}
