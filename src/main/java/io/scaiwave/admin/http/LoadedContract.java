package io.scaiwave.admin.http;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.openapi.contract.OpenAPIContract;

/** openapi.yaml with what is made of it once, for all event loops: the router's view, and the compiled schemas. */
public final class LoadedContract {
    private final Contract contract;
    private final ContractValidator validator;
    private final OpenAPIContract routes;

    private LoadedContract(Contract contract, ContractValidator validator, OpenAPIContract routes) {
        this.contract = contract;
        this.validator = validator;
        this.routes = routes;
    }

    /** Reads and compiles it beside whatever else starts meanwhile. */
    public static Future<LoadedContract> load(Vertx vertx) {
        return vertx.executeBlocking(Contract::load).compose(contract -> {
            Future<OpenAPIContract> routes = contract.forRouter(vertx);
            Future<ContractValidator> validator = vertx.executeBlocking(() -> new ContractValidator(contract), false);
            return Future.all(routes, validator)
                    .map(both -> new LoadedContract(contract, validator.result(), routes.result()));
        });
    }

    Contract contract() {
        return contract;
    }

    ContractValidator validator() {
        return validator;
    }

    OpenAPIContract routes() {
        return routes;
    }
}
