package io.scaiwave.admin.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.scaiwave.admin.auth.Callers;
import io.scaiwave.admin.testing.Api;
import io.scaiwave.admin.testing.DataDigest;
import io.scaiwave.admin.testing.Sql;
import io.scaiwave.admin.testing.TestServer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Who may do what: each operation of the contract by each kind of principal. The rules are the specification's, not the server's;
 * what they refuse changes nothing, what they allow touches nobody else, and both are on record or not as they say.
 */
class AccessMatrixTest {
    /**
     * Refused with: i invalid token, e expired token, p insufficient permission, m tenant mismatch, t tenant not found, n partner not
     * found, r tenant required; ok is allowed. Columns: principal | operations on a tenant | the audit list | createTenant and
     * createPartner under the partner | listPartners | getPartner and updatePartner of the partner | whose chain has the refusals.
     */
    private static final String RULES = """
            no token                                  | i  | i  | i  | i  | i  | -
            malformed token                           | i  | i  | i  | i  | i  | -
            expired token                             | e  | e  | e  | e  | e  | -
            token not yet valid                       | i  | i  | i  | i  | i  | -
            alg none                                  | i  | i  | i  | i  | i  | -
            HS256 over the public key                 | i  | i  | i  | i  | i  | -
            unknown key id                            | i  | i  | i  | i  | i  | -
            wrong key                                 | i  | i  | i  | i  | i  | -
            wrong issuer                              | i  | i  | i  | i  | i  | -
            wrong audience                            | i  | i  | i  | i  | i  | -
            no expiry                                 | i  | i  | i  | i  | i  | -
            altered payload                           | i  | i  | i  | i  | i  | -
            member                                    | p  | p  | p  | p  | p  | tenant
            tenant admin                              | ok | ok | p  | p  | p  | tenant
            admin:access                              | ok | ok | p  | p  | p  | tenant
            delegate of the tenant admin              | ok | ok | p  | p  | p  | tenant
            tenant admin of a suspended partner       | ok | ok | p  | p  | p  | tenant
            admin of another tenant                   | m  | m  | p  | p  | p  | other-tenant
            tenant admin of nowhere                   | t  | t  | p  | p  | p  | platform
            partner admin                             | ok | ok | ok | ok | ok | -
            partner admin, no tenant named            | r  | ok | ok | ok | ok | -
            partner admin, unknown tenant             | m  | m  | ok | ok | ok | partner
            partner admin, token of a strange tenant  | m  | m  | ok | ok | ok | partner
            admin of another partner                  | m  | m  | n  | ok | n  | other-partner
            admin of the partner below                | m  | m  | n  | ok | n  | below
            admin of the partner above                | ok | ok | ok | ok | ok | -
            admin of a suspended partner              | p  | p  | p  | p  | p  | partner
            admin below a suspended partner           | p  | p  | p  | p  | p  | below
            partner admin of nowhere                  | p  | p  | p  | p  | p  | platform
            super admin                               | ok | ok | ok | ok | ok | -
            super admin, no tenant named              | r  | ok | ok | ok | ok | -
            super admin, unknown tenant               | t  | t  | ok | ok | ok | platform
            """;

    private static final Map<String, String> CODES = Map.of(
            "i", "401 SW_AUTH_INVALID_TOKEN",
            "e", "401 SW_AUTH_EXPIRED_TOKEN",
            "p", "403 SW_AUTH_INSUFFICIENT_PERMISSION",
            "m", "403 SW_AUTH_TENANT_MISMATCH",
            "t", "404 SW_TENANT_NOT_FOUND",
            "n", "404 SW_PARTNER_NOT_FOUND",
            "r", "400 SW_TENANT_REQUIRED");

    /** The entry of each operation that changes something. */
    private static final Map<String, String> ACTIONS = Map.ofEntries(
            Map.entry("updateAiConfig", "ai_config.update"),
            Map.entry("updatePromptStudio", "prompt_studio.update"),
            Map.entry("updateNoteProcessing", "note_processing.update"),
            Map.entry("enableModel", "model.enable"),
            Map.entry("disableModel", "model.disable"),
            Map.entry("configureModelParticipant", "participant.create"),
            Map.entry("createModelParticipant", "participant.create"),
            Map.entry("enablePlugin", "plugin.enable"),
            Map.entry("disablePlugin", "plugin.disable"),
            Map.entry("createTenant", "tenant.create"),
            Map.entry("createPartner", "partner.create"),
            Map.entry("updatePartner", "partner.update"));

    private static final TestServer SERVER = TestServer.shared();
    /** Of those whose token is no good: they change nothing, and have no chain. */
    private static final AccessWorld UNTOUCHED = new AccessWorld(SERVER);

    private static int cells;

    private record Rule(String principal, List<String> verdicts, String chain) {
        static Rule of(String line) {
            List<String> parts =
                    Arrays.stream(line.split("[|]")).map(String::strip).toList();
            return new Rule(parts.get(0), parts.subList(1, 6), parts.get(6));
        }

        /** What it says of an operation. */
        String verdict(Op op) {
            return verdicts.get(
                    switch (op.id()) {
                        case "createTenant", "createPartner" -> 2;
                        case "listPartners" -> 3;
                        case "getPartner", "updatePartner" -> 4;
                        case "listAudit" -> 1;
                        default -> 0;
                    });
        }

        boolean isOfBadToken() {
            return verdicts.get(0).matches("[ie]");
        }

        boolean allows(Op op) {
            return verdict(op).equals("ok");
        }

        /** Not of those that nobody can tell from one who asks for what is not there. */
        boolean records(Op op) {
            String verdict = verdict(op);
            boolean nameless = verdict.equals("t") && principal.equals("tenant admin of nowhere");
            return !nameless && "pmtn".contains(verdict);
        }

        @Override
        public String toString() {
            return principal;
        }
    }

    static Stream<Rule> rules() {
        return RULES.lines().map(Rule::of);
    }

    /** One principal's row of the matrix. */
    private static final class Row {
        private final AccessWorld world;
        private final String mark = TestServer.unique("matrix");
        private final Rule rule;
        private final List<String> expected = new ArrayList<>();
        private @Nullable Api stranger;
        /** Whose rows may change: the partner above counts the tenants of the one below. */
        private final List<String> own = new ArrayList<>();

        Row(Rule rule) {
            this.rule = rule;
            world = rule.chain.equals("-") && rule.verdicts.get(0).matches("[ie]")
                    ? UNTOUCHED
                    : new AccessWorld(SERVER);
            world.prepare(rule.principal);
            own.addAll(List.of(world.tenant.id, world.partner.id, world.above.id));
        }

        private void call(Op op) {
            String actor = mark + "-" + op.id();
            Api.Reply reply =
                    caller(actor).with("X-Request-Id", actor).send(op.method(), op.path(world.tenant), body(op));
            cells++;
            if (rule.allows(op)) {
                assertThat(reply.status()).as("%s: %s", op, reply.text()).isBetween(200, 201);
                expectChange(op, actor);
                if (reply.status() == 201) {
                    own.add(reply.data().path("id").asText());
                }
                return;
            }
            assertThat(reply.status() + " " + reply.code())
                    .as("%s by %s: %s", op, rule.principal, reply.body())
                    .isEqualTo(CODES.get(rule.verdict(op)));
            if (rule.records(op)) {
                expected.add(entry(world.chain(rule.chain), "access.deny", actor));
            }
        }

        /** A bad token is made once: a key of its own takes long to make. */
        private Api caller(String actor) {
            if (!rule.isOfBadToken()) {
                return world.caller(rule.principal, actor);
            }
            if (stranger == null) {
                stranger = world.caller(rule.principal, mark);
            }
            return stranger;
        }

        private void expectChange(Op op, String actor) {
            if (!op.contract().reads()) {
                boolean fleet = op.contract().actsOn() == Callers.ActsOn.FLEET;
                String chain = world.chain(fleet ? "partner" : "tenant");
                expected.add(entry(chain, ACTIONS.get(op.id()), actor));
            }
        }

        private String entry(String chain, String action, String actor) {
            boolean delegated = rule.principal.startsWith("delegate");
            return String.join(" ", chain, action, actor, delegated ? "delegate" : "-");
        }

        private String body(Op op) {
            String id = world.partner.id;
            String unique = mark + "-made";
            return switch (op.id()) {
                case "createTenant" -> """
                        {"slug": "%s", "name": "n", "scaikey_tenant_id": "%s", "partner_id": "%s"}""".formatted(unique, unique, id);
                case "createPartner" -> """
                        {"slug": "%s", "name": "n", "parent_partner_id": "%s"}""".formatted(unique, id);
                case "updatePartner" -> "{\"name\": \"%s\"}".formatted(unique);
                default -> op.body();
            };
        }

        /** All entries that the row made, in whatever chain. */
        private List<String> recorded() {
            SERVER.settle();
            return Sql.texts(
                    SERVER,
                    "SELECT concat_ws(' ', chain, action, actor_id, coalesce(delegate_id, '-')) FROM audit_log"
                            + " WHERE request_id LIKE ? AND request_id = actor_id",
                    mark + "-%");
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rules")
    void eachOperation_isAsTheRulesSay(Rule rule) {
        Row row = new Row(rule);
        Predicate<Op> changes = op -> rule.allows(op) && !op.contract().reads();
        DataDigest.Digest before = DataDigest.of(SERVER, List.of());
        Op.all().filter(changes.negate()).forEach(row::call);
        assertThat(DataDigest.of(SERVER, List.of()))
                .as("data after what %s may not do, and reads", rule)
                .isEqualTo(before);

        if (Op.all().anyMatch(changes)) {
            change(row, changes);
        }
        assertThat(row.recorded()).containsExactlyInAnyOrderElementsOf(row.expected);
    }

    private static void change(Row row, Predicate<Op> changes) {
        DataDigest.Digest others = DataDigest.of(SERVER, row.own);
        Op.all().filter(changes).forEach(row::call);
        assertThat(DataDigest.of(SERVER, row.own))
                .as("others' data after what %s may do", row.rule)
                .isEqualTo(others);
    }

    @AfterAll
    static void eachCellWasTried() {
        assertThat(cells).isEqualTo(rules().count() * Op.all().count());
        System.out.println("access matrix: " + cells + " cells");
    }
}
