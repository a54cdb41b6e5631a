package io.scaiwave.admin.http;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.scaiwave.admin.audit.relay.TrailHealth;
import io.scaiwave.admin.auth.ScaiKeyAuth;
import io.scaiwave.admin.config.Config;
import io.scaiwave.admin.db.Database;
import io.scaiwave.admin.tracing.Traces;

/** What the API verticles of a server share. */
public record ApiParts(
        Config config,
        Database database,
        PrometheusMeterRegistry meters,
        ScaiKeyAuth auth,
        Admission admission,
        TrailHealth trailHealth,
        Life life,
        ServerTls tls,
        Traces traces) {}
