package io.scaiwave.admin.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.scaiwave.admin.audit.entry.CheckpointKeys;
import io.scaiwave.admin.bus.Secret;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyRingTest {
    private static final Secret NONE = new Secret("");

    private static byte[] bytes(int fill) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) fill);
        return bytes;
    }

    private static String key(int fill) {
        return Base64.getEncoder().encodeToString(bytes(fill));
    }

    @Test
    void keys_areFoundByTheirIdsAndTheFirstIsCurrent() {
        KeyRing ring = KeyRing.parse("x", new Secret("k_2:" + key(2) + " ,\tk-1:" + key(1)));
        assertThat(ring.current()).isEqualTo("k_2");
        assertThat(ring.byId().keySet()).containsExactly("k_2", "k-1");
        assertThat(ring.byId().get("k-1")).isEqualTo(bytes(1));
        assertThat(ring.byId().get("k_2")).isEqualTo(bytes(2));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nonsense",
                "k1:",
                "k1:AAAA",
                "k1:not*base64*not*base64*not*base64*not*base64",
                ":AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=",
                "k 1:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=",
                "123456789012345678901234567890123:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=",
                "k1:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=,",
                "k1:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=,k1:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=",
                "k1:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=,k1:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI="
            })
    void keys_thatAreMalformedAreRefusedAndNotShown(String keys) {
        assertThatThrownBy(() -> KeyRing.parse("the.setting", new Secret(keys)))
                .isInstanceOf(InvalidSetting.class)
                .message()
                .startsWith("the.setting ")
                .doesNotContain("AQEB", "AgIC", "AAAA", "base64*");
        if (!keys.isEmpty()) {
            assertThatThrownBy(() -> CheckpointKeys.of(new Secret(keys), NONE))
                    .isInstanceOf(InvalidSetting.class)
                    .hasMessageStartingWith("audit.signingKeys ");
        }
        assertThatThrownBy(() -> CheckpointKeys.of(NONE, new Secret(keys)))
                .isInstanceOf(InvalidSetting.class)
                .hasMessageStartingWith("secrets.keys ");
    }

    @Test
    void signingKeys_areDerivedFromTheSecretOnesAsTheyAlwaysWere() {
        assertThat(CheckpointKeys.of(NONE, new Secret("k1:" + key(1))).publicKeys())
                .containsExactly(Map.entry("k1", "MCowBQYDK2VwAyEAhYeAjss6iOymPvkpjFx5IYDpaZiDswz5ccr261JCnPQ="));
        assertThat(CheckpointKeys.of(new Secret("s1:" + key(1)), NONE).publicKeys())
                .containsExactly(Map.entry("s1", "MCowBQYDK2VwAyEAiojj3XQJ8ZX9UtstPLpdcspnCb8dlBIb83SIAbQPb1w="));
    }
}
