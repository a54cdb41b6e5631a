package io.scaiwave.admin.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.scaiwave.admin.local.Forged;
import io.scaiwave.admin.testing.Api;
import io.scaiwave.admin.testing.TestServer;
import io.scaiwave.admin.testing.Wait;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which tokens are taken, on a read, a change and an operation of the fleet; {@link ClaimsTest} has what they say. */
class TokensTest {
    private static final String CONFIG = "/v1/admin/ai-config";
    private static final String PARTNERS = "/v1/admin/partners";
    private static final String INVALID = "SW_AUTH_INVALID_TOKEN";
    private static final String EXPIRED = "SW_AUTH_EXPIRED_TOKEN";

    private final TestServer server = TestServer.shared();
    private final TestServer.Tenant tenant = server.newTenant();
    private final Map<String, Object> claims =
            Map.of("sub", "admin", "roles", List.of("tenant_admin", "super_admin"), "tenant_id", tenant.scaiKeyId);

    /** With the claims of an admin, one of which differs. */
    private Api.Reply read(String claim, Object value) {
        Map<String, Object> changed = new HashMap<>(claims);
        changed.put(claim, value);
        return server.anonymous()
                .withToken(server.platform().scaiKey().token(changed))
                .get(CONFIG);
    }

    private static long now() {
        return Instant.now().getEpochSecond();
    }

    /** No part of a token is in what came back. */
    private static void assertSilent(Api.Reply reply, String token) {
        String all = reply.headers().map() + reply.body().toString();
        for (String part : token.split("[.]")) {
            assertThat(part.length() > 8 && all.contains(part))
                    .as("a part of the token in %s", all)
                    .isFalse();
        }
    }

    @Test
    void token_signedWithEitherAlgorithmIsTakenAndNeverShown() {
        List<String> tokens = List.of(
                server.platform().scaiKey().token(claims),
                server.platform().scaiKey().es256Token(claims));
        for (String token : tokens) {
            Api api = server.anonymous().withToken(token);
            List<Api.Reply> replies = new ArrayList<>(List.of(
                    api.get(CONFIG).expect(200),
                    api.get(PARTNERS).expect(200),
                    api.put(
                                    CONFIG,
                                    "{\"system_prompt_templates\":[{\"name\":\"n\",\"prompt\":\"%d\"}]}"
                                            .formatted(token.length()))
                            .expect(200),
                    api.put(CONFIG, "{").expect(400)));
            server.settle();
            replies.add(api.get("/v1/admin/audit").expect(200));
            replies.forEach(reply -> assertSilent(reply, token));
        }
    }

    static Stream<Named<Method>> forgeries() {
        return Arrays.stream(Forged.class.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()))
                .map(method -> Named.of(method.getName(), method));
    }

    @ParameterizedTest
    @MethodSource("forgeries")
    void token_forgedIsRefusedEverywhere(Method forgery) throws ReflectiveOperationException {
        String token = (String) forgery.invoke(server.platform().scaiKey().forged(), claims);
        Api api = server.anonymous().withToken(token);
        int before = tenant.auditCount();
        for (int i = 0; i < 2; i++) { // the second time too, when the token was seen before
            for (Api.Reply reply : List.of(
                    api.get(CONFIG),
                    api.get("/v1/admin/audit"),
                    api.get(PARTNERS),
                    api.post("/v1/admin/models/scailar-pro/enable"),
                    api.post(PARTNERS, "{\"slug\":\"%s\",\"name\":\"n\"}".formatted(TestServer.unique("forged"))))) {
                reply.expect(401, forgery.getName().equals("expired") ? EXPIRED : INVALID);
                assertSilent(reply, token);
            }
        }
        assertThat(tenant.auditCount()).isEqualTo(before);
    }

    @Test
    void token_thatWasTakenDoesNotVouchForOneThatLooksLikeIt() {
        String good = server.platform().scaiKey().token(claims);
        server.anonymous().withToken(good).get(CONFIG).expect(200);
        String unsigned = good.substring(0, good.lastIndexOf('.') + 1);
        String otherSignature =
                server.platform().scaiKey().token(Map.of("sub", "x")).replaceAll(".*[.]", "");
        for (String forged : List.of(unsigned, unsigned + otherSignature, good + "A", good + ".", good.substring(1))) {
            server.anonymous().withToken(forged).get(CONFIG).expect(401, INVALID);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Bearer",
                "Bearer ",
                "Bearer x",
                "Bearer a.b",
                "Bearer a.b.c",
                "Bearer a.b.c.d",
                "Bearer ..",
                "Bearer ...",
                "Bearer {}.{}.{}",
                "Bearer %00.%00.%00",
                "Bearer \"a.b.c\"",
                "Bearer a b c",
                "Bearer =.=.=",
                "Bearer e30.e30.e30",
                "Bearer W10.W10.W10",
                "Bearer bnVsbA.bnVsbA.bnVsbA",
                "Bearer eyJhbGciOjF9.e30.",
                "Bearer eyJhbGciOiJSUzI1NiIsImtpZCI6N30.e30.AA",
                "Basic YWRtaW46YWRtaW4=",
                "Digest a=b",
                "Token a.b.c"
            })
    void token_thatIsNoneIsRefused(String authorization) {
        Api api = server.anonymous().with("Authorization", authorization);
        api.get(CONFIG).expect(401, INVALID);
        api.post(PARTNERS, "{").expect(401, INVALID);
    }

    @Test
    void token_isNeededAndItsSchemeKnowsNoCase() {
        server.anonymous().get(CONFIG).expect(401, INVALID);
        String token = server.platform().scaiKey().token(claims);
        server.anonymous().with("Authorization", "bearer " + token).get(CONFIG).expect(200);
        server.anonymous().get(CONFIG + "?access_token=" + token).expect(401, INVALID);
        server.anonymous().with("Cookie", "access_token=" + token).get(CONFIG).expect(401, INVALID);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"typ\":\"JWT\"",
                "\"typ\":\"jwt\"",
                "\"typ\":\"at+jwt\"",
                "\"typ\":\"AT+JWT\"",
                "\"typ\":\"application/at+jwt\"",
                "\"typ\":\"Application/JWT\"",
                "\"jku\":\"http://127.0.0.1:1/\"",
                "\"x5u\":\"http://127.0.0.1:1/\"",
                "\"jwk\":{}",
                "\"x5c\":[\"?\"]",
                "\"cty\":\"x\""
            })
    void token_mayHaveInItsHeaderWhatChangesNothing(String member) {
        var scaiKey = server.platform().scaiKey();
        String payload = scaiKey.payload(claims);
        String kid = "\"kid\":\"" + scaiKey.keyId() + "\",";
        for (String header :
                List.of("{\"alg\":\"RS256\"," + kid + member + "}", "{" + member + ",\"alg\":\"RS256\"}")) {
            server.anonymous()
                    .withToken(scaiKey.signed(header, payload))
                    .get(CONFIG)
                    .expect(200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "7", "[]", "{}", "\"x\"", "{\"exp\":", "[[[[[[[[", "\u0000"})
    void token_wellSignedWithoutClaimsIsRefused(String payload) {
        var scaiKey = server.platform().scaiKey();
        String header = "{\"alg\":\"RS256\",\"kid\":\"" + scaiKey.keyId() + "\"}";
        for (String each : List.of(payload, "[".repeat(1500), "{\"a\":".repeat(900))) {
            server.anonymous()
                    .withToken(scaiKey.signed(header, each))
                    .get(CONFIG)
                    .expect(401, INVALID);
        }
    }

    @Test
    void times_haveALeewayOfAMinute() {
        read("exp", now() - 50).expect(200);
        read("exp", now() - 61).expect(401, EXPIRED);
        read("exp", now() + 3600.5).expect(200);
        read("nbf", now() + 50).expect(200);
        read("nbf", now() + 70).expect(401, INVALID);
        read("iat", now() + 50).expect(200);
        read("iat", now() + 70).expect(401, INVALID);
    }

    @Test
    void times_countAlsoForATokenThatWasTakenBefore() {
        Map<String, Object> ending = new HashMap<>(claims);
        ending.put("exp", now() - 57);
        Api api = server.anonymous().withToken(server.platform().scaiKey().token(ending));
        api.get(CONFIG).expect(200);
        Api.Reply last = Wait.soon(() -> api.get(CONFIG), reply -> reply.status() != 200);
        last.expect(401, EXPIRED);
    }
}
