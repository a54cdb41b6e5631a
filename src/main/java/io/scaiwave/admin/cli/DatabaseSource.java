package io.scaiwave.admin.cli;

import io.scaiwave.admin.audit.verify.ChainVerifier;
import io.scaiwave.admin.audit.verify.Expected;
import io.scaiwave.admin.audit.verify.Pipeline;
import io.scaiwave.admin.audit.verify.Problem;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The log in the database, and the head table, which must agree with it. */
final class DatabaseSource {
    private static final int BATCH = 500;

    private final ChainsOption scope;
    private final Pipeline pipeline;
    private final ChainVerifier verifier;
    private List<LogRow> batch = new ArrayList<>(BATCH);

    private final Progress progress;
    private long whole;
    private long done;

    DatabaseSource(ChainsOption scope, Pipeline pipeline, ChainVerifier verifier, Progress progress) {
        this.scope = scope;
        this.pipeline = pipeline;
        this.verifier = verifier;
        this.progress = progress;
    }

    void read(LogTables tables) {
        Set<String> headed = new HashSet<>();
        tables.each("SELECT chain, seq, hash FROM audit_chain", row -> {
            String chain = row.getString("chain");
            headed.add(chain);
            if (scope.has(chain)) {
                whole += row.getLong("seq");
                verifier.expect(new Expected(
                        chain, row.getLong("seq"), row.getString("hash"), Expected.Kind.END, "the head table"));
            }
        });
        Set<String> headless = new HashSet<>();
        tables.entries(scope, row -> {
            if (!headed.contains(row.chain()) && headless.add(row.chain())) {
                verifier.problem(
                        new Problem(row.chain(), row.seq(), "the head table differs: it has no row for this chain"));
            }
            add(row);
        });
        flush();
    }

    private void add(LogRow row) {
        batch.add(row);
        if (batch.size() == BATCH) {
            flush();
        }
    }

    private void flush() {
        List<LogRow> full = batch;
        batch = new ArrayList<>(BATCH);
        done += full.size();
        progress.read(done, whole);
        pipeline.submit(() -> full.stream().map(LogRow::sighting).toList());
    }
}
