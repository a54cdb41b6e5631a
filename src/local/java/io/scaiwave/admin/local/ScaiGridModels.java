package io.scaiwave.admin.local;

import io.scaiwave.admin.local.LocalScaiGrid.Model;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The catalogs of the local ScaiGrid: each modality, status and health, slugs with 0 to 3 slashes. */
final class ScaiGridModels {
    private static final int SERIES = 10;

    static final List<Model> ALL = List.of(
            chat("claude-sonnet-4-6", "Claude Sonnet 4.6", 200_000, 64_000),
            chat("claude-haiku-4-5", "Claude Haiku 4.5", 200_000, 64_000),
            chat("scailar-pro", "Scailar Pro", 128_000, 16_384),
            chat("scailar-mini", "Scailar Mini", 32_000, 8_192),
            chat("mistralai/mistral-large-latest", "Mistral Large", 131_072, 16_384),
            new Model("mistralai/voxtral-small-latest", "Voxtral Small", "audio", 32_000, 8_192, "active", "healthy"),
            chat("meta-llama/llama-3.3-70b-instruct", "Llama 3.3 70B Instruct", 131_072, 8_192),
            chat("acme/enable", "Acme Enable", 16_000, 4_096),
            chat("partner/acme/legal-7b", "Acme Legal 7B", 32_768, 4_096),
            chat("hub/eu/acme/summariser-2", "Acme Summariser 2", 65_536, 8_192),
            new Model("scailar-embed-2", "Scailar Embed 2", "embedding", 8_192, null, "active", "healthy"),
            new Model("baai/bge-m3", "BGE M3", "embedding", 8_192, null, "active", "degraded"),
            new Model("black-forest-labs/flux-1.1-pro", "FLUX 1.1 Pro", "image", null, null, "active", "healthy"),
            new Model("scailar-vision-1", "Scailar Vision 1", "image", 4_096, null, "active", "unhealthy"),
            new Model("openai/whisper-large-v3", "Whisper Large v3", "audio", null, null, "active", "healthy"),
            new Model("scailar-classic", "Scailar Classic", "chat", 8_192, 2_048, "deprecated", "healthy"));

    /** A dozen of each modality, for a person to look at; tests are quicker with fewer. */
    static final List<Model> PLENTY = Stream.of(
                    ALL.stream(),
                    series("chat", "hub/eu/open/dialogue"),
                    series("embedding", "hub/eu/open/embed"),
                    series("image", "hub/eu/open/canvas"),
                    series("audio", "hub/eu/open/speech"))
            .flatMap(models -> models)
            .toList();

    private ScaiGridModels() {}

    private static Stream<Model> series(String modality, String slug) {
        return IntStream.rangeClosed(1, SERIES)
                .mapToObj(i -> new Model(
                        slug + "-" + i,
                        slug.replaceAll(".*/", "") + " " + i,
                        modality,
                        8_192 * i,
                        4_096,
                        "active",
                        "healthy"));
    }

    private static Model chat(String slug, String displayName, int contextWindow, int maxOutputTokens) {
        return new Model(slug, displayName, "chat", contextWindow, maxOutputTokens, "active", "healthy");
    }
}
