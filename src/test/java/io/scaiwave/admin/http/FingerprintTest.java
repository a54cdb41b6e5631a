package io.scaiwave.admin.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.scaiwave.admin.bus.Failure;
import io.scaiwave.admin.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FingerprintTest {
    private static String of(String body) {
        try {
            return Fingerprint.of(Json.MAPPER.readTree(body));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"a\": 1}                        | {\"a\":1.0}",
                "{\"a\": 100}                      | {\"a\":1e2}",
                "{\"a\": 0.5}                      | {\"a\":5e-1}",
                "{\"a\": 0}                        | {\"a\":-0.0}",
                "{\"a\": 9007199254740993}         | {\"a\":9007199254740992}",
                "{\"a\": 9223372036854775808}      | {\"a\":9223372036854775808.0}",
                "{\"a\": 100000000000000000000000} | {\"a\":1e23}",
                "{\"a\": 1, \"b\": [true, null]}   | {\"b\":[true,null],\"a\":1}",
                "{\"\\u0061\": \"\\u00e4\"}        | {\"a\":\"ä\"}"
            })
    void of_isEqualForEqualJson(String one, String same) {
        assertThat(of(one)).isEqualTo(of(same));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"a\": 1} | {\"a\": 2}",
                "{\"a\": 1} | {\"a\": \"1\"}",
                "{\"a\": 1} | {\"a\": 1.0000001}",
                "{\"a\": []} | {\"a\": {}}",
                "{\"a\": null} | {}",
                "[1, 2] | [2, 1]"
            })
    void of_differsForOtherJson(String one, String other) {
        assertThat(of(one)).isNotEqualTo(of(other));
    }

    /** As the canonicalizer of RFC 8785 wrote it, because keys outlive an update. */
    @Test
    void of_isTheHashOfTheCanonicalForm() {
        assertThat(of("{\"b\": 1.50, \"a\": [\"x\", 1e21, null]}"))
                .isEqualTo("8763c65f26e3019c09ebc5a91f7d19e7cdfdf17314580d676c15c4d1be7f411e");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e999", "-1e999"})
    void of_refusesANumberThatNoDoubleHolds(String number) {
        assertThatThrownBy(() -> of("{\"a\": " + number + "}"))
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.kind()).isEqualTo(Failure.Kind.INVALID));
        assertThatThrownBy(() -> of("{\"a\": " + "9".repeat(400) + "}")).isInstanceOf(Failure.class);
    }
}
