package io.millrace.relay.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.millrace.srt.crypto.CipherMode;
import io.millrace.srt.crypto.KeyEncryptionKey;
import io.millrace.srt.crypto.KeyMaterial;
import io.millrace.srt.crypto.Passphrase;
import io.millrace.srt.handshake.KeyAgreement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KeyUnwrapperTest {
    private static final Passphrase RIGHT = Passphrase.of("correct horse");
    private static final Passphrase WRONG = Passphrase.of("another horse");

    private final Random random = new Random(1);
    private final List<KeyEncryptionKey> derived = new ArrayList<>();
    private final KeyUnwrapper unwrapper = new KeyUnwrapper((passphrase, material) -> {
        KeyEncryptionKey kek = KeyEncryptionKey.derive(passphrase, material);
        derived.add(kek);
        return kek;
    });

    @Test
    void onlyTheRightPassphraseUnwraps() {
        KeyMaterial material = material();

        assertThat(unwrapper.unwrap(material, WRONG)).isNull();
        assertThat(unwrapper.unwrap(material, RIGHT)).isNotNull();
    }

    @Test
    void keyIsDerivedOnceForAPassphraseSaltAndLength() {
        KeyMaterial material = material();
        unwrapper.unwrap(material, RIGHT);
        unwrapper.unwrap(material, Passphrase.of("correct horse"));
        assertThat(derived).hasSize(1);

        unwrapper.unwrap(material, WRONG);
        unwrapper.unwrap(material, WRONG);
        assertThat(derived).hasSize(2);

        unwrapper.unwrap(material(), RIGHT);
        assertThat(derived).hasSize(3);
    }

    @Test
    void callersThatWipeTheirKeysTakeThemFromNobody() {
        KeyMaterial material = material();
        KeyAgreement.Secured first = unwrapper.unwrap(material, RIGHT);
        KeyAgreement.Secured second = unwrapper.unwrap(material, RIGHT);
        KeyAgreement.Secured third = unwrapper.unwrap(material, RIGHT);

        first.wipe();
        second.wipe();

        assertThat(third.kek().copy().keyLength()).isEqualTo(16);
        assertThat(unwrapper.unwrap(material, RIGHT)).isNotNull();
    }

    @Test
    void leastRecentlyUsedKeyIsWipedWhenThereAreTooMany() {
        KeyMaterial first = material();
        KeyMaterial second = material();
        unwrapper.unwrap(first, RIGHT);
        unwrapper.unwrap(second, RIGHT);
        unwrapper.unwrap(first, RIGHT);
        for (int i = 0; i < KeyUnwrapper.MAX_KEPT - 1; i++) {
            unwrapper.unwrap(material(), RIGHT);
        }

        assertThat(derived.get(0).copy()).isNotNull();
        assertThatIllegalStateException().isThrownBy(() -> derived.get(1).copy());
        assertThat(unwrapper.unwrap(second, RIGHT)).isNotNull();
    }

    private KeyMaterial material() {
        KeyEncryptionKey kek = KeyEncryptionKey.derive(RIGHT, KeyEncryptionKey.generateSalt(random), 16);
        return KeyAgreement.Secured.initiate(kek, CipherMode.CTR, random).material();
    }
}
