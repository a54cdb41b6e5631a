package io.scaiwave.admin.db;

import static org.assertj.core.api.Assertions.assertThat;

import io.scaiwave.admin.testing.EmptyDatabase;
import org.junit.jupiter.api.Test;

/** How many months of the audit log a wrong date makes. */
class MonthsTest {
    private static final String MONTHS = "SELECT count(*) FROM pg_inherits WHERE inhparent = 'audit_log'::regclass";
    private static final int TWO_YEARS_AND_AHEAD = 24 + 1 + 2;

    @Test
    void aWrongDate_makesNoMoreMonthsThanMayBeNeeded() {
        EmptyDatabase database = EmptyDatabase.create();
        database.migrate();
        database.run("""
                INSERT INTO audit_outbox (created_at, chain, action, resource_id, changes, actor_id, actor_type)
                VALUES ('1950-01-01', 'x', 'a.b', 'x', '{}', 'x', 'user')""");
        database.run("SELECT audit_make_partitions(2)");
        assertThat(database.text(MONTHS)).isEqualTo(Integer.toString(TWO_YEARS_AND_AHEAD));
        database.run("SELECT audit_make_month('1950-01-01'), audit_make_month('2999-01-01')");
        assertThat(database.text(MONTHS)).isEqualTo(Integer.toString(TWO_YEARS_AND_AHEAD));
        String fiveYearsAgo = "SELECT audit_make_month((date_trunc('month', now()) - interval '5 years')::date)";
        database.run(fiveYearsAgo);
        database.run(fiveYearsAgo);
        assertThat(database.text(MONTHS)).isEqualTo(Integer.toString(TWO_YEARS_AND_AHEAD + 1));
        assertThat(
                        database.text(
                                "SELECT bool_and(relrowsecurity) FROM pg_inherits JOIN pg_class ON oid = inhrelid WHERE inhparent = 'audit_log'::regclass"))
                .isEqualTo("t");
    }
}
