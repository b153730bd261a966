package io.millrace.srt.endpoint;

import io.millrace.srt.packet.PacketDecoder;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Damages, repeats, swaps, withholds and joins the datagrams of a session; most of them stay as they are. */
final class SessionTampering implements CapturedSession.Tampering {
    private final RandomGenerator choices;
    private final List<ByteBuffer> history = new ArrayList<>();
    private final List<ByteBuffer> delayed = new ArrayList<>();

    SessionTampering(RandomGenerator choices) {
        this.choices = choices;
    }

    @Override
    public List<ByteBuffer> instead(ByteBuffer packet) {
        List<ByteBuffer> said = new ArrayList<>();
        // Whoever does not get in has nothing to damage.
        boolean opening = PacketDecoder.destinationSocketId(packet) == 0;
        switch (choices.nextInt(8)) {
            case 1 -> said.add(Mutation.of(packet, earlier(packet), choices));
            case 2 -> {
                said.add(packet);
                said.add(Mutation.of(packet, earlier(packet), choices));
            }
            case 3 -> {
                said.add(packet);
                said.add(earlier(packet));
            }
            case 4 -> delayed.add(packet);
            case 5 -> said.add(Mutation.of(earlier(packet), packet, choices));
            default -> said.add(packet);
        }
        if (opening && !said.contains(packet)) {
            said.add(packet);
        }
        if (!delayed.isEmpty() && choices.nextInt(3) == 0) {
            said.addAll(delayed);
            delayed.clear();
        }
        history.add(packet);
        return said;
    }

    private ByteBuffer earlier(ByteBuffer packet) {
        return history.isEmpty() ? packet : history.get(choices.nextInt(history.size()));
    }
}
