package io.millrace.relay.tool;

import io.millrace.relay.call.SrtUrl;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the URL of a command line. */
final class SrtUrlConverter implements ITypeConverter<SrtUrl> {
    /** What the help of every tool says of it. */
    static final String HELP = "srt://HOST:PORT?NAME=VALUE&..., in single quotes. Names: streamid (a # in it needs no"
            + " encoding, an & is %%26), latency (ms; 120), passphrase (the text, env:NAME or file:/path), pbkeylen (16,"
            + " 24, 32), cryptomode (ctr, gcm), conntimeo (ms; 3000), pkt_size (bytes to send at once; 1316),"
            + " mode=caller, transtype=live.";

    @Override
    public SrtUrl convert(String text) {
        try {
            return SrtUrl.parse(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}
