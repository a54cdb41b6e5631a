package io.scaiwave.admin.audit;

import io.scaiwave.admin.bus.Failure;
import io.scaiwave.admin.bus.Reply;
import io.scaiwave.admin.db.Constraints;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * One change, as a feature hands it to {@link AuditTrail}.
 *
 * @param statement what changes the data and says what changed
 * @param rules what a violated constraint means to the caller
 * @param reply makes the reply of the first row of {@code change}
 * @param otherwise what to answer when no row matched
 */
public record Change<R>(
        ChangeSql statement,
        Tuple parameters,
        Constraints rules,
        Function<Row, Reply<R>> reply,
        Supplier<Future<Reply<R>>> otherwise) {

    public Change(
            ChangeSql statement,
            Tuple parameters,
            Constraints rules,
            Function<Row, Reply<R>> reply,
            Failure otherwise) {
        this(statement, parameters, rules, reply, () -> Future.failedFuture(otherwise));
    }
}
