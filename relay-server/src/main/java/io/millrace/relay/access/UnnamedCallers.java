package io.millrace.relay.access;

import io.millrace.relay.config.ListenerConfig;
import io.millrace.relay.config.UnnamedCallerConfig;
import io.millrace.srt.crypto.Passphrase;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the callers of one listener mean whose stream ids name no stream. The first entry of the configuration that fits
 * applies, then what the port stands for: so a caller that encrypts is tried against {@link #byPassphrase} first, and gets
 * {@link #byAddressOrPort} when none of those fits.
 */
public final class UnnamedCallers {
    private final String path;
    private final List<Entry> entries;
    private final @Nullable DefaultStream port;
    private final SecretFaults faults;

    private record Entry(
            UnnamedCallerConfig config, @Nullable ReferencedPassphrase passphrase, DefaultStream stream) {}

    /**
     * A stream, and what a caller encrypts with that means it.
     *
     * @param passphrase the same object each time, as long as the secret stays the same
     */
    public record Candidate(Passphrase passphrase, DefaultStream stream) {}

    /** @param index place of the listener in the configuration */
    public UnnamedCallers(ListenerConfig listener, int index) {
        this(listener, index, new SecretFaults());
    }

    UnnamedCallers(ListenerConfig listener, int index, SecretFaults faults) {
        path = "listeners[" + index + "].withoutStreamId";
        entries = listener.withoutStreamId().stream().map(UnnamedCallers::entry).toList();
        port = listener.stream() == null ? null : stream(listener.stream(), listener.mode());
        this.faults = faults;
    }

    private static Entry entry(UnnamedCallerConfig config) {
        return new Entry(
                config,
                config.passphrase() == null ? null : new ReferencedPassphrase(config.passphrase()),
                stream(config.stream(), config.mode()));
    }

    private static DefaultStream stream(String name, ListenerConfig.Mode mode) {
        return new DefaultStream(
                name,
                switch (mode) {
                    case PUBLISH -> StreamRequest.Mode.PUBLISH;
                    case REQUEST -> StreamRequest.Mode.REQUEST;
                });
    }

    /** What a caller from there means, by the first entry with its address or else by the port; null refuses it. */
    public @Nullable DefaultStream byAddressOrPort(InetAddress peer) {
        for (Entry entry : entries) {
            if (isAddressOf(entry, peer)) {
                return entry.stream;
            }
        }
        return port;
    }

    /**
     * What a caller from there means that encrypts with one of these, in the order in which they are to be tried: the
     * entries before the first one with its address. One whose secret can't be used is left out. May look at files.
     */
    public List<Candidate> byPassphrase(InetAddress peer) {
        List<Candidate> candidates = new ArrayList<>();
        for (int i = 0; i < entries.size() && !isAddressOf(entries.get(i), peer); i++) {
            ReferencedPassphrase passphrase = entries.get(i).passphrase;
            if (passphrase != null) {
                try {
                    candidates.add(new Candidate(passphrase.current(), entries.get(i).stream));
                } catch (IOException e) {
                    faults.report(path + "[" + i + "].passphrase", e);
                }
            }
        }
        return candidates;
    }

    private static boolean isAddressOf(Entry entry, InetAddress peer) {
        return entry.config.address() != null && entry.config.address().contains(peer);
    }
}
