package io.scaiwave.admin.http;

import io.scaiwave.admin.local.Forged;
import io.scaiwave.admin.testing.Api;
import io.scaiwave.admin.testing.TestServer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * A tenant with all that can lie around it: its partner, the partner above and one below, and another partner with a tenant. What
 * principals of {@link AccessMatrixTest} ask for is this tenant and its partner.
 */
final class AccessWorld {
    private static final String TENANT_ID = "X-Tenant-Id";
    private static final Map<String, Object> TENANT_ADMIN = Map.of("role", "tenant_admin");
    private static final Map<String, Object> SUPER_ADMIN = Map.of("roles", List.of("super_admin"));

    private final TestServer server;
    final TestServer.Partner above;
    final TestServer.Partner partner;
    final TestServer.Partner below;
    final TestServer.Tenant tenant;
    final TestServer.Tenant other;

    AccessWorld(TestServer server) {
        this.server = server;
        above = server.newPartner();
        partner = server.newPartner(under(above));
        below = server.newPartner(under(partner));
        tenant = partner.newTenant("");
        other = server.newTenant();
        tenant.admin
                .put("/v1/admin/ai-config", "{\"enabled_models\": [\"scailar-pro\"]}")
                .expect(200);
        tenant.admin.post("/v1/admin/plugins/scaiwave.files/enable").expect(200);
    }

    private static String under(TestServer.Partner parent) {
        return ",\"parent_partner_id\":\"%s\"".formatted(parent.id);
    }

    /** The chain that belongs to whom the rules name so. */
    String chain(String of) {
        return switch (of) {
            case "tenant" -> tenant.chain;
            case "other-tenant" -> other.chain;
            case "partner" -> "partner:" + partner.id;
            case "other-partner" -> "partner:" + other.partner.id;
            case "below" -> "partner:" + below.id;
            case "above" -> "partner:" + above.id;
            case "platform" -> "platform";
            default -> throw new IllegalArgumentException(of);
        };
    }

    /** Who calls, as the rules name them; each call has an actor of its own, so that none is left off the record. */
    Api caller(String principal, String actor) {
        Api here = server.anonymous();
        return switch (principal) {
            case "no token" -> here;
            case "malformed token" -> here.withToken("eyJhbGciOiJSUzI1NiJ9.e30");
            case "expired token" -> forged(Forged::expired, actor);
            case "token not yet valid" -> forged(Forged::notYetValid, actor);
            case "alg none" -> forged(Forged::none, actor);
            case "HS256 over the public key" -> forged(Forged::hs256OverPublicKey, actor);
            case "unknown key id" -> forged(Forged::unknownKeyId, actor);
            case "wrong key" -> forged(Forged::wrongKey, actor);
            case "wrong issuer" -> forged(Forged::wrongIssuer, actor);
            case "wrong audience" -> forged(Forged::wrongAudience, actor);
            case "no expiry" -> forged(Forged::withoutExpiry, actor);
            case "altered payload" -> forged(Forged::tampered, actor);
            default -> genuine(principal, actor);
        };
    }

    private Api forged(BiFunction<Forged, Map<String, Object>, String> forgery, String actor) {
        Map<String, Object> claims = with(actor, SUPER_ADMIN, Map.of("tenant_id", tenant.scaiKeyId));
        return server.anonymous()
                .withToken(forgery.apply(server.platform().scaiKey().forged(), claims))
                .with(TENANT_ID, tenant.id);
    }

    private Api genuine(String principal, String actor) {
        Function<TestServer.Partner, Api> partnerAdmin = of -> of.as(Map.of("sub", actor));
        String unknown = UUID.randomUUID().toString();
        return switch (principal) {
            case "member" -> of(tenant, actor, Map.of("roles", List.of("member")));
            case "tenant admin", "tenant admin of a suspended partner" -> of(tenant, actor, TENANT_ADMIN);
            case "admin:access" -> of(tenant, actor, Map.of("permissions", List.of("admin:access")));
            case "delegate of the tenant admin" ->
                of(tenant, actor, Map.of("role", "tenant_admin", "act", Map.of("sub", "delegate")));
            case "admin of another tenant" -> of(other, actor, TENANT_ADMIN).with(TENANT_ID, tenant.id);
            case "tenant admin of nowhere" ->
                server.as(with(actor, TENANT_ADMIN, Map.of("tenant_id", "nowhere-" + unknown)));
            case "partner admin" -> partnerAdmin.apply(partner).with(TENANT_ID, tenant.id);
            case "partner admin, no tenant named" -> partnerAdmin.apply(partner);
            case "partner admin, unknown tenant" -> partnerAdmin.apply(partner).with(TENANT_ID, unknown);
            case "partner admin, token of a strange tenant" ->
                partner.as(Map.of("sub", actor, "tenant_id", other.scaiKeyId));
            case "admin of another partner" -> partnerAdmin.apply(other.partner).with(TENANT_ID, tenant.id);
            case "admin of the partner below", "admin below a suspended partner" ->
                partnerAdmin.apply(below).with(TENANT_ID, tenant.id);
            case "admin of the partner above" -> partnerAdmin.apply(above).with(TENANT_ID, tenant.id);
            case "admin of a suspended partner" -> partnerAdmin.apply(partner).with(TENANT_ID, tenant.id);
            case "partner admin of nowhere" ->
                server.as(Map.of("sub", actor, "role", "partner_admin", "partner_id", "nowhere-" + unknown));
            case "super admin" -> server.as(with(actor, SUPER_ADMIN, Map.of())).with(TENANT_ID, tenant.id);
            case "super admin, no tenant named" -> server.as(with(actor, SUPER_ADMIN, Map.of()));
            case "super admin, unknown tenant" ->
                server.as(with(actor, SUPER_ADMIN, Map.of())).with(TENANT_ID, unknown);
            default -> throw new IllegalArgumentException(principal);
        };
    }

    /** What must be so before that principal calls. */
    void prepare(String principal) {
        if (principal.contains("suspended partner")) {
            server.superAdmin()
                    .put("/v1/admin/partners/" + partner.id, "{\"status\": \"suspended\"}")
                    .expect(200);
        }
    }

    private static Api of(TestServer.Tenant tenant, String actor, Map<String, Object> claims) {
        return tenant.as(with(actor, claims, Map.of()));
    }

    private static Map<String, Object> with(String actor, Map<String, Object> claims, Map<String, Object> more) {
        Map<String, Object> all = new HashMap<>(claims);
        all.putAll(more);
        all.put("sub", actor);
        return all;
    }
}
