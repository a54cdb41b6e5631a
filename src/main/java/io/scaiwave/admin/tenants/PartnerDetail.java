package io.scaiwave.admin.tenants;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.vertx.sqlclient.Row;

/**
 * A partner with the number of its tenants.
 *
 * @param tenantCount its own; those of the partners below it do not count
 */
record PartnerDetail(@JsonUnwrapped Partner partner, long tenantCount) {

    static PartnerDetail of(Row row) {
        return new PartnerDetail(Partner.of(row), row.getLong("tenant_count"));
    }
}
