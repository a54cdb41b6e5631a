package io.scaiwave.admin.fuzz;

import io.scaiwave.admin.audit.log.CursorTarget;
import io.scaiwave.admin.auth.AuthTargets;
import io.scaiwave.admin.http.HttpTargets;
import io.scaiwave.admin.models.CatalogTarget;
import io.scaiwave.admin.stats.ActivityTarget;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** All that parses strangers' bytes, by name; each throws only what is a fault of the parser. */
final class Targets {
    static final Path CORPUS = Path.of("src/fuzz/corpus");

    static final Map<String, Consumer<byte[]>> ALL = new TreeMap<>(Map.ofEntries(
            Map.entry("token", AuthTargets::token),
            Map.entry("claims", AuthTargets::claims),
            Map.entry("jwks", AuthTargets::jwks),
            Map.entry("cursor", CursorTarget::cursor),
            Map.entry("path", HttpTargets::path),
            Map.entry("body", HttpTargets::body),
            Map.entry("query", HttpTargets::query),
            Map.entry("forwarded", HttpTargets::forwarded),
            Map.entry("traceparent", HttpTargets::traceparent),
            Map.entry("preconditions", HttpTargets::preconditions),
            Map.entry("negotiation", HttpTargets::negotiation),
            Map.entry("catalog", CatalogTarget::catalog),
            Map.entry("activity", ActivityTarget::activity),
            Map.entry("log", VerifyTargets::log),
            Map.entry("checkpoint", VerifyTargets::checkpoint),
            Map.entry("canonical", VerifyTargets::canonical)));

    private Targets() {}

    /** The kept inputs of a target, the same order every time. */
    static List<byte[]> corpus(String target) {
        try (Stream<Path> files = Files.list(CORPUS.resolve(target))) {
            return files.sorted().map(Targets::bytes).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
