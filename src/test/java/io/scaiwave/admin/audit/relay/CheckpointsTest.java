package io.scaiwave.admin.audit.relay;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.scaiwave.admin.audit.entry.CheckpointKeys;
import io.scaiwave.admin.bus.Secret;
import io.scaiwave.admin.testing.AuditTopic;
import io.scaiwave.admin.testing.TestServer;
import io.scaiwave.admin.testing.Wait;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.erdtman.jcs.JsonCanonicalizer;
import org.junit.jupiter.api.Test;

/** The signed heads of chains, as anyone with the public key can check them. */
class CheckpointsTest {
    private static final String TOPIC = "scaiwave.admin.audit.checkpoints.v1";

    private static final TestServer SERVER = TestServer.shared();

    private static JsonNode published(TestServer.Tenant tenant, int seq) {
        return Wait.soon(
                        () ->
                                AuditTopic.readAll(
                                                SERVER.platform().kafka().bootstrapServers(),
                                                TOPIC,
                                                "tenant:" + tenant.id)
                                        .stream()
                                        .map(event -> event.value().path("data"))
                                        .filter(checkpoint ->
                                                checkpoint.path("seq").asInt() == seq)
                                        .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    private static boolean verifies(JsonNode checkpoint, String publicKey) throws Exception {
        var signed = ((ObjectNode) checkpoint).deepCopy();
        signed.remove("signature");
        Signature signature = Signature.getInstance("Ed25519");
        signature.initVerify(KeyFactory.getInstance("Ed25519")
                .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(publicKey))));
        signature.update(new JsonCanonicalizer(new ObjectMapper().writeValueAsString(signed)).getEncodedUTF8());
        return signature.verify(
                Base64.getDecoder().decode(checkpoint.path("signature").asText()));
    }

    @Test
    void head_isSignedAndPublishedAsItMoves() throws Exception {
        TestServer.Tenant tenant = SERVER.newTenant();
        Map<String, String> keys = CheckpointKeys.of(
                        new Secret(""),
                        new Secret(SERVER.platform().environment().get("SCAIWAVE_SECRET_KEYS")))
                .publicKeys();
        for (int seq : List.of(1, 2)) {
            String verb = seq == 1 ? "enable" : "disable";
            tenant.admin.post("/v1/admin/models/scailar-pro/" + verb).expect(200);
            JsonNode entry = tenant.audited("model." + verb);
            JsonNode checkpoint = published(tenant, seq);
            assertThat(checkpoint.path("hash")).isEqualTo(entry.path("hash"));
            assertThat(checkpoint.path("kind").asText()).isEqualTo("head");
            String key = keys.get(checkpoint.path("key_id").asText());
            assertThat(verifies(checkpoint, key)).isTrue();
            ((ObjectNode) checkpoint).put("seq", seq + 1);
            assertThat(verifies(checkpoint, key)).isFalse();
        }
    }
}
