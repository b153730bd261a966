/** What ties real SRT programs (ffmpeg, srt-live-transmit, GStreamer) to a test: launch, impair, compare. */
@NullMarked
package io.millrace.relay.interop;

import org.jspecify.annotations.NullMarked;
