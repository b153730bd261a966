package io.millrace.srt.handshake;

import io.millrace.srt.crypto.BadKeyMaterial;
import io.millrace.srt.crypto.CipherMode;
import io.millrace.srt.crypto.KeyFlags;
import io.millrace.srt.crypto.KeyMaterial;
import io.millrace.srt.crypto.KmState;
import io.millrace.srt.packet.AddressField;
import io.millrace.srt.packet.HandshakePacket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The listener's side of the handshake: pure functions of what the caller sent. draft-sharabayko-srt §4.3.1.
 *
 * <pre>
 * caller sends                  | listener answers
 * ------------------------------+---------------------------------------------------------
 * INDUCTION                     | INDUCTION with the cookie; nothing is kept
 * CONCLUSION, cookie wrong      | nothing
 * CONCLUSION, version 4         | SHUTDOWN: such a caller takes any handshake for a success
 * CONCLUSION, not acceptable    | rejection
 * CONCLUSION, acceptable        | after a decision: CONCLUSION with HSRSP and KMRSP, or rejection
 * </pre>
 */
public final class ListenerHandshake {
    /** §3.2.1.3. */
    private static final int MAX_STREAM_ID_BYTES = 512;

    private ListenerHandshake() {}

    /** Answer to an induction request. It repeats the caller's socket ID and numbers. */
    public static HandshakePacket inductionResponse(HandshakePacket request, int cookie, InetAddress caller) {
        return new HandshakePacket(
                5,
                0,
                HandshakePacket.SRT_MAGIC,
                request.initialSequenceNumber(),
                request.maximumSegmentSize(),
                request.flowWindow(),
                HandshakePacket.INDUCTION,
                request.socketId(),
                cookie,
                AddressField.of(caller));
    }

    /** Why a conclusion can't be granted whoever sends it, or null if it is for the listener's owner to decide. */
    public static @Nullable RejectReason objection(HandshakePacket request, HandshakeExtensions extensions) {
        if (request.version() != 5) {
            return RejectReason.VERSION;
        }
        SrtExtension srt = extensions.srt(ExtensionBlock.HSREQ);
        if (srt == null || srt.version() < SrtExtension.LOWEST_VERSION) {
            return RejectReason.ROGUE;
        }
        // A libsrt caller takes only numbers below the maximum for its own, too.
        if (request.initialSequenceNumber() < 0
                || request.socketId() == 0
                || request.maximumSegmentSize() < Negotiated.MIN_SEGMENT_SIZE
                || request.flowWindow() < 2
                || extensions.count(ExtensionBlock.CONGESTION) > 1) {
            return RejectReason.ROGUE;
        }
        ExtensionBlock streamId = extensions.block(ExtensionBlock.SID);
        if (streamId != null && 4 * streamId.words() > MAX_STREAM_ID_BYTES) {
            return RejectReason.ROGUE;
        }
        ExtensionBlock congestion = extensions.block(ExtensionBlock.CONGESTION);
        if (congestion != null && !congestion.text().equals("live")) {
            return RejectReason.CONGESTION;
        }
        if (srt.has(SrtExtension.STREAM)) {
            return RejectReason.MESSAGE_API;
        }
        if (extensions.block(ExtensionBlock.GROUP) != null) {
            return RejectReason.GROUP;
        }
        if (extensions.block(ExtensionBlock.FILTER) != null) {
            return RejectReason.FILTER;
        }
        return keyMaterialObjection(srt, extensions.block(ExtensionBlock.KMREQ));
    }

    private static @Nullable RejectReason keyMaterialObjection(SrtExtension srt, @Nullable ExtensionBlock request) {
        if (request == null) {
            return null;
        }
        BadKeyMaterial bad = KeyMaterial.check(request.content());
        if (bad != null) {
            return bad == BadKeyMaterial.UNSUPPORTED_CIPHER ? RejectReason.CRYPTO : RejectReason.ROGUE;
        }
        KeyMaterial material = KeyMaterial.read(request.content());
        if ((material.keyFlags() & KeyFlags.EVEN) == 0) {
            return RejectReason.ROGUE;
        }
        // Older ones repeat initialisation vectors, which gives their keys away.
        return material.mode() == CipherMode.GCM && srt.version() < SrtExtension.LOWEST_GCM_VERSION
                ? RejectReason.CRYPTO
                : null;
    }

    /** What is agreed on if this acceptable request meets this offer: of each latency the greater, §4.4. */
    public static Negotiated negotiate(HandshakePacket request, HandshakeExtensions extensions, Offer offer) {
        SrtExtension srt = requireSrt(extensions, ExtensionBlock.HSREQ);
        return new Negotiated(
                request.initialSequenceNumber(),
                srt.version(),
                srt.flags(),
                Math.max(offer.receiveLatencyMillis(), srt.sendLatencyMillis()),
                Math.max(offer.sendLatencyMillis(), srt.receiveLatencyMillis()),
                Math.min(offer.maximumSegmentSize(), request.maximumSegmentSize()),
                request.flowWindow(),
                extensions.streamId());
    }

    /** Answer that grants the connection; its extensions, {@link #conclusionExtensions}, follow it. */
    public static HandshakePacket conclusionResponse(
            HandshakePacket request,
            HandshakeExtensions extensions,
            Negotiated negotiated,
            int flowWindow,
            int socketId,
            InetAddress caller) {
        return new HandshakePacket(
                5,
                0,
                extensions.flags(),
                negotiated.initialSequenceNumber(),
                negotiated.maximumSegmentSize(),
                flowWindow,
                HandshakePacket.CONCLUSION,
                socketId,
                request.cookie(),
                AddressField.of(caller));
    }

    /** The extension blocks of the answer: HSRSP, and KMRSP unless nobody encrypts. */
    public static HandshakeExtensions conclusionExtensions(Negotiated negotiated, KeyAgreement agreement) {
        int flags = SrtExtension.OUR_FLAGS;
        if ((negotiated.peerFlags() & SrtExtension.RETRANSMIT_FLAG) == 0) {
            flags &= ~SrtExtension.RETRANSMIT_FLAG;
        }
        SrtExtension srt = new SrtExtension(
                SrtExtension.OUR_VERSION, flags, negotiated.receiveLatencyMillis(), negotiated.sendLatencyMillis());
        List<ExtensionBlock> blocks = new ArrayList<>();
        blocks.add(new ExtensionBlock(ExtensionBlock.HSRSP, srt.content()));
        if (agreement instanceof KeyAgreement.Secured secured) {
            blocks.add(ExtensionBlock.ofKeyMaterial(ExtensionBlock.KMRSP, secured.material()));
        } else if (agreement instanceof KeyAgreement.Unsecured unsecured) {
            ByteBuffer state = ByteBuffer.allocate(KmState.LENGTH);
            unsecured.state().write(state);
            blocks.add(new ExtensionBlock(ExtensionBlock.KMRSP, state.array()));
        }
        return new HandshakeExtensions(blocks);
    }

    /** Answer that refuses the connection: the request with the type changed, §4.3, and no extension blocks. */
    public static HandshakePacket rejection(HandshakePacket request, RejectReason reason) {
        return new HandshakePacket(
                5,
                request.encryption(),
                request.extension(),
                request.initialSequenceNumber(),
                request.maximumSegmentSize(),
                request.flowWindow(),
                reason.handshakeType(),
                request.socketId(),
                request.cookie(),
                request.peerAddress());
    }

    static SrtExtension requireSrt(HandshakeExtensions extensions, int type) {
        SrtExtension srt = extensions.srt(type);
        if (srt == null) {
            throw new IllegalArgumentException("not an acceptable conclusion");
        }
        return srt;
    }
}
