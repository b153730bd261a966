package io.millrace.srt.handshake;

import io.millrace.srt.crypto.KeyMaterial;
import io.millrace.srt.packet.HandshakePacket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The extension blocks of a conclusion in their order. Unknown types are kept and otherwise ignored; a block that would
 * run past the end of the packet ends the list. draft-sharabayko-srt §3.2.1.
 */
public final class HandshakeExtensions {
    /** A conclusion fits one datagram, so there can't be more useful blocks than this. */
    private static final int MAX_BLOCKS = 32;

    private final List<ExtensionBlock> blocks;

    HandshakeExtensions(List<ExtensionBlock> blocks) {
        this.blocks = List.copyOf(blocks);
    }

    /** Reads the blocks behind the fixed part of the handshake at the buffer's position. Never throws. */
    public static HandshakeExtensions read(ByteBuffer packet) {
        List<ExtensionBlock> blocks = new ArrayList<>();
        int at = packet.position() + HandshakePacket.FIXED_LENGTH;
        while (packet.limit() - at >= 4 && blocks.size() < MAX_BLOCKS) {
            int head = packet.getInt(at);
            int length = 4 * (head & 0xFFFF);
            if (packet.limit() - at - 4 < length) {
                break;
            }
            byte[] content = new byte[length];
            packet.get(at + 4, content);
            blocks.add(new ExtensionBlock(head >>> 16, content));
            at += 4 + length;
        }
        return new HandshakeExtensions(blocks);
    }

    /** Bytes on the wire. */
    public int length() {
        int length = 0;
        for (ExtensionBlock block : blocks) {
            length += block.length();
        }
        return length;
    }

    /** Writes the blocks at the position. */
    public void write(ByteBuffer to) {
        for (ExtensionBlock block : blocks) {
            block.write(to);
        }
    }

    /** Types in their order. */
    public List<Integer> types() {
        return blocks.stream().map(ExtensionBlock::type).toList();
    }

    /** The first block of this type, or null. */
    @Nullable
    ExtensionBlock block(int type) {
        for (ExtensionBlock block : blocks) {
            if (block.type() == type) {
                return block;
            }
        }
        return null;
    }

    int count(int type) {
        int count = 0;
        for (ExtensionBlock block : blocks) {
            count += block.type() == type ? 1 : 0;
        }
        return count;
    }

    /** HSREQ or HSRSP, whichever {@code type} says, or null where it is missing or too short. */
    public @Nullable SrtExtension srt(int type) {
        ExtensionBlock block = block(type);
        return block != null && block.words() >= SrtExtension.WORDS ? SrtExtension.read(block.content()) : null;
    }

    /** The content of KMREQ, which must have passed {@link ListenerHandshake#objection}; null where there is none. */
    public @Nullable KeyMaterial keyMaterial() {
        ExtensionBlock block = block(ExtensionBlock.KMREQ);
        return block == null ? null : KeyMaterial.read(block.content());
    }

    /** Stream ID; empty where there is none. */
    public String streamId() {
        ExtensionBlock block = block(ExtensionBlock.SID);
        return block == null ? "" : block.text();
    }

    /** The extension flags of the handshake that carries these blocks. */
    public int flags() {
        int flags = 0;
        for (ExtensionBlock block : blocks) {
            flags |= switch (block.type()) {
                case ExtensionBlock.HSREQ, ExtensionBlock.HSRSP -> HandshakePacket.FLAG_HSREQ;
                case ExtensionBlock.KMREQ, ExtensionBlock.KMRSP -> HandshakePacket.FLAG_KMREQ;
                default -> HandshakePacket.FLAG_CONFIG;
            };
        }
        return flags;
    }
}
