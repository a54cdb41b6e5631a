package io.scaiwave.admin.local;

import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What `mvn` shows when everything runs: addresses, tokens, and commands to paste. */
final class LocalScreen {
    private static final long TOKEN_HOURS = 12;

    private LocalScreen() {}

    static String superAdmin(LocalScaiKey scaiKey) {
        return token(scaiKey, Map.of("sub", "local-super-admin", "name", "Sam Super", "role", "super_admin"));
    }

    static String text(String api, LocalPlatform platform, Path folder) {
        LocalScaiKey scaiKey = platform.scaiKey();
        Map<String, Object> partnerAdmin = Map.of(
                "sub",
                "local-partner-admin",
                "name",
                "Pat Partner",
                "role",
                "partner_admin",
                "partner_id",
                LocalSeed.PARTNER);
        Map<String, Object> tenantAdmin = Map.of(
                "sub",
                "local-tenant-admin",
                "name",
                "Tina Tenant",
                "roles",
                List.of("tenant_admin"),
                "tenant_id",
                LocalSeed.TENANT);
        // The time makes it a change on each start: what changes nothing writes no audit entry.
        String prompt =
                "Be kind and brief. (" + LocalTime.now(ZoneId.systemDefault()).truncatedTo(ChronoUnit.SECONDS) + ")";
        return TEXT.formatted(
                api,
                platform.postgres().superuserUrl(),
                platform.kafka().bootstrapServers(),
                folder,
                LocalSeed.TENANT,
                LocalSeed.PARTNER,
                TOKEN_HOURS,
                api,
                token(scaiKey, tenantAdmin),
                token(scaiKey, partnerAdmin),
                superAdmin(scaiKey),
                prompt);
    }

    private static String token(LocalScaiKey scaiKey, Map<String, Object> claims) {
        Map<String, Object> lasting = new HashMap<>(claims);
        lasting.put("exp", Instant.now().plus(TOKEN_HOURS, ChronoUnit.HOURS).getEpochSecond());
        return scaiKey.token(lasting);
    }

    private static final String TEXT = """

            ScaiWave Admin API is running.   API  %1$s
              console %1$s/console   docs %1$s/docs   contract %1$s/openapi.yaml   metrics %1$s/metrics   health %1$s/health
              PostgreSQL %2$s   Kafka %3$s   data and logs %4$s

            1. Tokens for the tenant %5$s of the partner %6$s, good for %7$d hours (paste these lines):

            export API=%8$s
            export TENANT_ADMIN=%9$s
            export PARTNER_ADMIN=%10$s
            export SUPER_ADMIN=%11$s

            2. Change something, and see its audit entry:

            curl -s -X POST $API/v1/admin/models/mistralai/voxtral-small-latest/enable \
            -H "Authorization: Bearer $TENANT_ADMIN"; echo
            curl -s -X PUT $API/v1/admin/ai-config -H "Authorization: Bearer $TENANT_ADMIN" \
            -H 'Content-Type: application/json' \\
              -d '{"system_prompt_templates": [{"name": "Kind", "prompt": "%12$s"}]}'; echo
            sleep 1; curl -s "$API/v1/admin/audit?limit=1" -H "Authorization: Bearer $TENANT_ADMIN"; echo

            3. The audit events on Kafka, from the first one on (in another terminal, in this folder; Ctrl-C ends it):

            mvn -q -f examples/consumer -Dexec.args=%3$s

            4. Check that nothing was removed, altered or reordered (needs the jar: mvn -q -DskipTests package):

            SCAIWAVE_SECRET_KEYS=$(cat %4$s/secret-keys) \
              java -jar target/scaiwave-admin.jar verify --db %2$s

            Ctrl-C stops everything here; `mvn` finds the data again, `mvn -Dlocal.fresh` starts without it.
            """;
}
