package io.scaiwave.admin.settings;

import io.scaiwave.admin.audit.AuditTrail;
import io.scaiwave.admin.bus.Caller;
import io.scaiwave.admin.bus.Failure;
import io.scaiwave.admin.bus.Failure.Detail;
import io.scaiwave.admin.bus.Feature;
import io.scaiwave.admin.bus.Operation;
import io.scaiwave.admin.bus.Patch;
import io.scaiwave.admin.bus.Reply;
import io.scaiwave.admin.bus.Secret;
import io.scaiwave.admin.config.Secrets;
import io.scaiwave.admin.db.Database;
import io.scaiwave.admin.models.ModelCatalogs;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;

/** The tenant's default AI settings: which models are on, the default one, prompt templates, and how ScaiGrid is reached. */
public final class AiConfigVerticle extends Feature {
    record Get() {}

    record Put(Patch body) {}

    static final Operation<Get, AiConfig> GET = new Operation<>("getAiConfig", Get.class);
    static final Operation<Put, AiConfig> PUT = new Operation<>("updateAiConfig", Put.class);

    private static final String MODELS = "enabled_models";
    private static final String KEY = "scaigrid_api_key";
    private static final int KEY_END = 4;
    private static final int KEY_HIDDEN_MIN = 8;

    private final Database database;
    private final AuditTrail trail;
    private final ModelCatalogs catalogs;
    private final Secrets secrets;

    public AiConfigVerticle(Database database, AuditTrail trail, ModelCatalogs catalogs, Secrets secrets) {
        this.database = database;
        this.trail = trail;
        this.catalogs = catalogs;
        this.secrets = secrets;
    }

    @Override
    protected void listen() {
        serve(GET, this::get);
        serve(PUT, this::put);
    }

    private Future<Reply<AiConfig>> get(Caller caller, Get query) {
        return AiConfigStore.read(database, caller.tenant().id()).map(AiConfigStore.Stored::reply);
    }

    private Future<Reply<AiConfig>> put(Caller caller, Put put) {
        if (!put.body.has(MODELS) && !put.body.has(KEY)) {
            return AiConfigStore.update(trail, caller, put.body);
        }
        return AiConfigStore.read(database, caller.tenant().id())
                .compose(stored ->
                        known(caller, put.body, stored.config()).map(v -> sealed(put.body, stored.config(), caller)))
                .compose(patch -> AiConfigStore.update(trail, caller, patch));
    }

    /** Each model that was not enabled before must be in the catalog. */
    private Future<Void> known(Caller caller, Patch patch, AiConfig before) {
        List<String> sent = patch.texts(MODELS);
        if (before.enabledModels().containsAll(sent)) {
            return Future.succeededFuture();
        }
        return catalogs.allowed(caller).map(catalog -> {
            List<Detail> unknown = new ArrayList<>();
            for (int i = 0; i < sent.size(); i++) {
                if (!before.enabledModels().contains(sent.get(i)) && !catalog.has(sent.get(i))) {
                    unknown.add(new Detail("/enabled_models/" + i, "is not a model of the catalog"));
                }
            }
            if (!unknown.isEmpty()) {
                throw Failure.invalid(unknown);
            }
            return null;
        });
    }

    /**
     * The patch with the key encrypted and masked; without it when it is the masked form of the stored one. A key is never compared
     * with the stored one: "nothing changed" would tell whether a guess was right.
     */
    private Patch sealed(Patch patch, AiConfig stored, Caller caller) {
        Patch rest = patch.without(KEY);
        if (!patch.has(KEY)) {
            return rest;
        }
        String sent = patch.text(KEY);
        if (sent == null) {
            return rest.with("api_key_encrypted", null).with("api_key_masked", null);
        }
        Secret key = new Secret(sent);
        String owner = caller.tenant().id().toString();
        if (key.value().contains("…")) {
            if (!key.value().equals(stored.scaigridApiKey())) {
                throw Failure.invalid("/" + KEY, "is the masked form of another key than the one that is stored");
            }
            return rest;
        }
        return rest.with("api_key_encrypted", secrets.encrypt(key, owner)).with("api_key_masked", masked(key));
    }

    /** Its two ends, for people to tell keys apart; of a short one only the last, so that enough of it stays hidden. */
    private static String masked(Secret key) {
        String value = key.value();
        boolean isLong = value.length() >= KEY_HIDDEN_MIN + 2 * KEY_END;
        return (isLong ? value.substring(0, KEY_END) : "") + "…" + value.substring(value.length() - KEY_END);
    }
}
