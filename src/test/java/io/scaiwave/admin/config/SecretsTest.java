package io.scaiwave.admin.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.scaiwave.admin.bus.Secret;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class SecretsTest {
    private static final String OLD = "k1:" + key(1);
    private static final String NEW = "k2:" + key(2);
    private static final Secret SECRET = new Secret("sgk_ä€😀_0123456789");

    private static String key(int fill) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) fill);
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static Secrets secrets(String keys) {
        return new Secrets(new Config.Secrets(new Secret(keys)));
    }

    @Test
    void decrypt_givesWhatWasEncrypted() {
        String stored = secrets(OLD).encrypt(SECRET, "tenant-1");
        assertThat(stored).startsWith("k1:").doesNotContain(SECRET.value());
        assertThat(secrets(OLD).decrypt(stored, "tenant-1")).isEqualTo(SECRET);
    }

    @Test
    void encrypt_neverGivesTheSameTextTwice() {
        Secrets secrets = secrets(OLD);
        assertThat(secrets.encrypt(SECRET, "tenant-1")).isNotEqualTo(secrets.encrypt(SECRET, "tenant-1"));
    }

    @Test
    void keys_rotate() {
        String stored = secrets(OLD).encrypt(SECRET, "tenant-1");
        Secrets rotated = secrets(NEW + ", " + OLD);
        assertThat(rotated.decrypt(stored, "tenant-1")).isEqualTo(SECRET);
        String again = rotated.encrypt(SECRET, "tenant-1");
        assertThat(again).startsWith("k2:");
        assertThat(secrets(NEW).decrypt(again, "tenant-1")).isEqualTo(SECRET);
    }

    @Test
    void decrypt_namesAKeyThatIsGone() {
        String stored = secrets(OLD).encrypt(SECRET, "tenant-1");
        Secrets without = secrets(NEW);
        assertThatThrownBy(() -> without.decrypt(stored, "tenant-1"))
                .isInstanceOf(Secrets.Lost.class)
                .hasMessageContaining("SCAIWAVE_SECRET_KEYS")
                .hasMessageContaining("k1");
    }

    @Test
    void decrypt_refusesASecretMovedToAnotherOwner() {
        Secrets secrets = secrets(OLD);
        String stored = secrets.encrypt(SECRET, "tenant-1");
        assertThatThrownBy(() -> secrets.decrypt(stored, "tenant-2")).isInstanceOf(Secrets.Lost.class);
    }

    @Test
    void decrypt_refusesAnAlteredSecret() {
        Secrets secrets = secrets(OLD);
        String stored = secrets.encrypt(SECRET, "tenant-1");
        byte[] bytes = Base64.getDecoder().decode(stored.substring(3));
        bytes[bytes.length - 1] ^= 1;
        String altered = "k1:" + Base64.getEncoder().encodeToString(bytes);
        assertThatThrownBy(() -> secrets.decrypt(altered, "tenant-1")).isInstanceOf(Secrets.Lost.class);
    }

    @Test
    void decrypt_refusesTheRightIdWithAnotherKey() {
        String stored = secrets(OLD).encrypt(SECRET, "tenant-1");
        Secrets imposter = secrets("k1:" + key(3));
        assertThatThrownBy(() -> imposter.decrypt(stored, "tenant-1")).isInstanceOf(Secrets.Lost.class);
    }
}
