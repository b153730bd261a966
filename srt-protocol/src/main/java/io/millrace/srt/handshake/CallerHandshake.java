package io.millrace.srt.handshake;

import io.millrace.srt.crypto.CipherMode;
import io.millrace.srt.crypto.KmState;
import io.millrace.srt.packet.AddressField;
import io.millrace.srt.packet.HandshakePacket;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The caller's side of the handshake. draft-sharabayko-srt §4.3.1.
 *
 * <pre>
 * state      | received                    | next state | sent, and repeated every 250 ms
 * -----------+-----------------------------+------------+--------------------------------
 * INDUCTION  | (start)                     |            | INDUCTION
 * INDUCTION  | INDUCTION with the SRT magic| CONCLUSION | CONCLUSION, HSREQ, SID, KMREQ
 * any        | rejection                   | REJECTED   |
 * CONCLUSION | CONCLUSION with HSRSP       | GRANTED    |
 * CONCLUSION | neither of both             | CONCLUSION |
 * any        | anything else               | REJECTED   |
 * any        | nothing for the timeout     | REJECTED   |
 * </pre>
 */
public final class CallerHandshake {
    /** How often the present message is repeated. */
    public static final long REPEAT_MICROS = 250_000;

    /** Where the handshake stands. */
    public enum State {
        INDUCTION,
        CONCLUSION,
        GRANTED,
        REJECTED
    }

    private final InetSocketAddress listener;
    private final Offer offer;
    private final KeyAgreement keys;
    private final boolean enforced;
    private final String streamId;
    private final int socketId;
    private final int initialSequenceNumber;

    private State state = State.INDUCTION;
    private int cookie;
    private KeyAgreement agreement = KeyAgreement.Clear.CLEAR;
    private RejectReason rejectReason = RejectReason.UNKNOWN;
    private int rejectionType;

    /**
     * @param listener who is called
     * @param keys that we send with, or {@link KeyAgreement.Clear}
     * @param enforced whether a listener that doesn't share our passphrase, or the lack of one, is left
     * @param socketId our SRT socket ID
     * @param initialSequenceNumber below the maximum, which libsrt refuses
     */
    public CallerHandshake(
            InetSocketAddress listener,
            Offer offer,
            KeyAgreement keys,
            boolean enforced,
            String streamId,
            int socketId,
            int initialSequenceNumber) {
        this.listener = listener;
        this.offer = offer;
        this.keys = keys;
        this.enforced = enforced;
        this.streamId = streamId;
        this.socketId = socketId;
        this.initialSequenceNumber = initialSequenceNumber;
    }

    /** Where the handshake stands. */
    public State state() {
        return state;
    }

    /** Who is called. */
    public InetSocketAddress listener() {
        return listener;
    }

    /** Our SRT socket ID. */
    public int socketId() {
        return socketId;
    }

    /** What we brought into the handshake. */
    public Offer offer() {
        return offer;
    }

    /** What the listener's answer has led to about encryption. */
    public KeyAgreement agreement() {
        return agreement;
    }

    /** Why it failed; {@link RejectReason#UNKNOWN} before. */
    public RejectReason rejectReason() {
        return rejectReason;
    }

    /** Handshake type of the peer's rejection, with codes that have no name too; 0 if the peer sent none. */
    public int rejectionType() {
        return rejectionType;
    }

    /** Gives up for lack of an answer. */
    public void timedOut() {
        reject(RejectReason.TIMEOUT);
    }

    /** Overwrites the keys that we would have sent with, where no connection comes of them. */
    public void wipe() {
        if (keys instanceof KeyAgreement.Secured secured) {
            secured.wipe();
        }
    }

    /** Takes an answer and returns the state after it. */
    public State onResponse(HandshakePacket response, HandshakeExtensions extensions) {
        if (state == State.GRANTED || state == State.REJECTED) {
            return state;
        }
        if (response.isRejection()) {
            rejectionType = response.type();
            reject(RejectReason.ofHandshakeType(response.type()));
        } else if (state == State.INDUCTION) {
            onInductionResponse(response);
        } else if (response.type() == HandshakePacket.CONCLUSION) {
            onConclusionResponse(response, extensions);
        }
        // A repeated induction response while we wait for the conclusion is normal and says nothing.
        return state;
    }

    /** What is agreed on by the answer that led to {@link State#GRANTED}. */
    public Negotiated negotiated(HandshakePacket response, HandshakeExtensions extensions) {
        SrtExtension srt = ListenerHandshake.requireSrt(extensions, ExtensionBlock.HSRSP);
        return new Negotiated(
                initialSequenceNumber,
                srt.version(),
                srt.flags(),
                srt.sendLatencyMillis(),
                srt.receiveLatencyMillis(),
                Math.min(response.maximumSegmentSize(), offer.maximumSegmentSize()),
                response.flowWindow(),
                streamId);
    }

    /** The message of the present state; {@link #extensions} follow it. */
    public HandshakePacket message() {
        boolean induction = state == State.INDUCTION;
        return new HandshakePacket(
                induction ? 4 : 5,
                induction ? 0 : encryptionField(),
                induction ? HandshakePacket.SOCKET_TYPE_DATAGRAM : extensions().flags(),
                initialSequenceNumber,
                offer.maximumSegmentSize(),
                offer.flowWindow(),
                induction ? HandshakePacket.INDUCTION : HandshakePacket.CONCLUSION,
                socketId,
                cookie,
                AddressField.of(listener.getAddress()));
    }

    /** The extension blocks of the message of the present state. */
    public HandshakeExtensions extensions() {
        List<ExtensionBlock> blocks = new ArrayList<>();
        if (state == State.CONCLUSION) {
            SrtExtension srt = new SrtExtension(
                    SrtExtension.OUR_VERSION,
                    SrtExtension.OUR_FLAGS,
                    offer.receiveLatencyMillis(),
                    offer.sendLatencyMillis());
            blocks.add(new ExtensionBlock(ExtensionBlock.HSREQ, srt.content()));
            if (!streamId.isEmpty()) {
                blocks.add(ExtensionBlock.ofText(ExtensionBlock.SID, streamId));
            }
            if (keys instanceof KeyAgreement.Secured secured) {
                blocks.add(ExtensionBlock.ofKeyMaterial(ExtensionBlock.KMREQ, secured.material()));
            }
        }
        return new HandshakeExtensions(blocks);
    }

    private void onInductionResponse(HandshakePacket response) {
        if (response.type() != HandshakePacket.INDUCTION) {
            reject(RejectReason.ROGUE);
        } else if (response.version() < 5) {
            reject(RejectReason.VERSION);
        } else if (response.extension() != HandshakePacket.SRT_MAGIC) {
            reject(RejectReason.ROGUE);
        } else {
            cookie = response.cookie();
            state = State.CONCLUSION;
        }
    }

    private void onConclusionResponse(HandshakePacket response, HandshakeExtensions extensions) {
        SrtExtension srt = extensions.srt(ExtensionBlock.HSRSP);
        if (srt == null
                || response.initialSequenceNumber() != initialSequenceNumber
                || response.socketId() == 0
                || response.maximumSegmentSize() < Negotiated.MIN_SEGMENT_SIZE
                || response.flowWindow() < 2) {
            reject(RejectReason.ROGUE);
        } else if (srt.version() < SrtExtension.LOWEST_VERSION) {
            reject(RejectReason.VERSION);
        } else {
            agreement = agreed(extensions.block(ExtensionBlock.KMRSP));
            RejectReason objection = objection(srt);
            if (objection == null) {
                state = State.GRANTED;
            } else {
                reject(objection);
            }
        }
    }

    private KeyAgreement agreed(@Nullable ExtensionBlock answer) {
        KeyAgreement.Secured ours = keys instanceof KeyAgreement.Secured secured ? secured : null;
        if (answer == null) {
            return ours == null ? keys : new KeyAgreement.Unsecured(KmState.NO_SECRET, ours);
        }
        if (ours != null && ours.material().isEchoedBy(answer.content())) {
            return ours;
        }
        KmState told = KmState.read(answer.content());
        if (told == null || told == KmState.SECURED || told == KmState.SECURING) {
            // Neither our message nor a refusal of it: whatever the listener has is not our key.
            told = KmState.BAD_SECRET;
        }
        return new KeyAgreement.Unsecured(told, ours);
    }

    private @Nullable RejectReason objection(SrtExtension listenersExtension) {
        if (agreement instanceof KeyAgreement.Secured secured) {
            boolean repeatsVectors = secured.material().mode() == CipherMode.GCM
                    && listenersExtension.version() < SrtExtension.LOWEST_GCM_VERSION;
            return repeatsVectors ? RejectReason.CRYPTO : null;
        }
        if (!(agreement instanceof KeyAgreement.Unsecured unsecured)) {
            return null;
        }
        return enforced || unsecured.state() == KmState.BAD_CRYPTO_MODE ? unsecured.refusal() : null;
    }

    /** Key length in units of 8 bytes; informative, the key material decides. */
    private int encryptionField() {
        return keys instanceof KeyAgreement.Secured secured ? secured.kek().keyLength() / 8 : 0;
    }

    private void reject(RejectReason reason) {
        rejectReason = reason;
        state = State.REJECTED;
    }
}
