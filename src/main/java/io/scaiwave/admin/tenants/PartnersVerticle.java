package io.scaiwave.admin.tenants;

import io.scaiwave.admin.audit.AuditTrail;
import io.scaiwave.admin.bus.Caller;
import io.scaiwave.admin.bus.Failure;
import io.scaiwave.admin.bus.Failure.Detail;
import io.scaiwave.admin.bus.Feature;
import io.scaiwave.admin.bus.Operation;
import io.scaiwave.admin.bus.Reply;
import io.scaiwave.admin.db.Database;
import io.scaiwave.admin.plugins.Plugins;
import io.scaiwave.admin.tenants.Partner.NewPartner;
import io.scaiwave.admin.tenants.Partner.Put;
import io.scaiwave.admin.tenants.Partner.Query;
import io.vertx.core.Future;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;

/** The partners in reach: to a partner admin their own and those below it, to a super admin all. Others are not there. */
public final class PartnersVerticle extends Feature {
    record Get(UUID partnerId) {}

    record Create(NewPartner body) {}

    static final Operation<Query, List<Partner>> LIST = new Operation<>("listPartners", Query.class);
    static final Operation<Get, PartnerDetail> GET = new Operation<>("getPartner", Get.class);
    static final Operation<Create, PartnerDetail> CREATE = new Operation<>("createPartner", Create.class);
    static final Operation<Put, PartnerDetail> PUT = new Operation<>("updatePartner", Put.class);

    private final Database database;
    private final AuditTrail trail;
    private final Plugins plugins;
    private final Links links;

    /** @param linkBySuperAdminOnly whether partner admins may link no id of ScaiKey's */
    public PartnersVerticle(Database database, AuditTrail trail, Plugins plugins, boolean linkBySuperAdminOnly) {
        this.database = database;
        this.trail = trail;
        this.plugins = plugins;
        this.links = new Links(linkBySuperAdminOnly);
    }

    @Override
    protected void listen() {
        serve(LIST, this::list);
        serve(GET, this::get);
        serve(CREATE, this::create);
        serve(PUT, this::put);
    }

    private Future<Reply<List<Partner>>> list(Caller caller, Query query) {
        return PartnerStore.list(database, caller, query);
    }

    private Future<Reply<PartnerDetail>> get(Caller caller, Get query) {
        return PartnerStore.read(database, caller.reach(), query.partnerId);
    }

    private Future<Reply<PartnerDetail>> create(Caller caller, Create in) {
        links.check(caller, in.body.scaikeyPartnerId());
        UUID named = in.body.parentPartnerId();
        return PartnerStore.create(
                trail, caller, named != null ? named : caller.reach().partnerId(), in.body);
    }

    private Future<Reply<PartnerDetail>> put(Caller caller, Put in) {
        List<String> off = in.body().texts("disabled_plugins");
        List<Detail> unknown = IntStream.range(0, off.size())
                .filter(i -> !plugins.has(off.get(i)))
                .mapToObj(i -> new Detail("/disabled_plugins/" + i, "is not a plugin of this server"))
                .toList();
        if (!unknown.isEmpty()) {
            return Future.failedFuture(Failure.invalid(unknown));
        }
        return PartnerStore.update(database, trail, caller, new PartnerStore.Asked(in, links.mayLink(caller)));
    }
}
