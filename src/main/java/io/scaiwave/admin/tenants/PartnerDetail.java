package io.scaiwave.admin.tenants;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.vertx.sqlclient.Row;
import java.util.List;

/**
 * A partner with the number of its tenants and what it forbids them.
 *
 * @param tenantCount its own; those of the partners below it do not count
 * @param disabledPlugins what it has switched off for all tenants below it
 */
record PartnerDetail(@JsonUnwrapped Partner partner, long tenantCount, List<String> disabledPlugins) {

    static PartnerDetail of(Row row) {
        return new PartnerDetail(
                Partner.of(row), row.getLong("tenant_count"), List.of(row.getArrayOfStrings("disabled_plugins")));
    }
}
