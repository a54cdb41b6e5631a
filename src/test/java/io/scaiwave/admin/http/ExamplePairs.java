package io.scaiwave.admin.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

/** Whether a reply is one to a request: it shows each value that was sent, a secret masked. */
final class ExamplePairs {
    private static final String SECRET = "scaigrid_api_key";
    private static final int SHOWN = 4;

    private ExamplePairs() {}

    /** @param data what the reply says about the resource */
    static void belong(JsonNode request, JsonNode data, String as) {
        request.properties().forEach(sent -> {
            String at = as + "/" + sent.getKey();
            JsonNode shown = data.path(sent.getKey());
            if (sent.getValue().isObject()) {
                belong(sent.getValue(), shown, at);
            } else if (sent.getKey().equals(SECRET) && sent.getValue().isTextual()) {
                assertThat(shown.asText())
                        .as(at)
                        .isEqualTo(masked(sent.getValue().asText()));
            } else {
                assertThat(shown).as(at).isEqualTo(sent.getValue());
            }
        });
    }

    private static String masked(String secret) {
        return secret.substring(0, SHOWN) + "…" + secret.substring(secret.length() - SHOWN);
    }
}
