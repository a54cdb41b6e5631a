package io.scaiwave.admin.db;

import io.scaiwave.admin.bus.Caller;
import io.vertx.sqlclient.Tuple;
import java.util.UUID;

/**
 * What of the database a statement sees and changes, whatever the statement's own conditions say: PostgreSQL keeps to it by the
 * policies of its tables. A statement that runs in no scope sees nothing.
 */
public final class Scope {
    /** Everything: the server's own work, and that of who reaches the whole fleet. */
    public static final Scope ALL = new Scope("*");

    /** The events of no tenant and no partner. */
    public static final Scope PLATFORM = new Scope("platform");

    private static final Scope NOTHING = new Scope("nothing");

    private final String name;

    private Scope(String name) {
        this.name = name;
    }

    public static Scope ofTenant(UUID tenantId) {
        return new Scope("tenant:" + tenantId);
    }

    /** The partner, and all partners and tenants below it. */
    public static Scope ofPartner(UUID partnerId) {
        return new Scope("partner:" + partnerId);
    }

    /** The tenant acted on alone, also for who reaches more. */
    public static Scope of(Caller caller) {
        return caller.target() == null
                ? of(caller.reach())
                : ofTenant(caller.target().id());
    }

    public static Scope of(Caller.Reach reach) {
        if (reach.all()) {
            return ALL;
        }
        return reach.partnerId() == null ? NOTHING : ofPartner(reach.partnerId());
    }

    /** As the setting of that name has it. */
    public String name() {
        return name;
    }

    /**
     * Stands at the end of a statement whose last parameter is a scope's name. A limit is worked out before the first row is asked for,
     * and this one sets the scope on the way: no round trip more, and none that a connection keeps, because the scope ends with the
     * transaction. If PostgreSQL ever did it later, there would be no rows.
     */
    public static String entered(int parameter) {
        return " LIMIT CASE WHEN set_config('scaiwave.scope', $" + parameter + ", true) IS NULL THEN 0 END";
    }

    /** The query so that it runs in a scope; its own parameters are so many. */
    static String reading(String query, int parameters) {
        return "SELECT * FROM (" + query + ") AS scoped" + entered(parameters + 1);
    }

    /** The same of a statement that changes data and returns nothing; there is a row for each that it changed. */
    static String changing(String statement, int parameters) {
        return "WITH scoped AS (" + statement + " RETURNING 1) SELECT FROM scoped" + entered(parameters + 1);
    }

    /** The parameters, and the scope. */
    Tuple after(Tuple parameters) {
        Tuple all = Tuple.tuple();
        for (int i = 0; i < parameters.size(); i++) {
            all.addValue(parameters.getValue(i));
        }
        return all.addValue(name);
    }
}
