package io.scaiwave.admin.benchmarks;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VerticleBase;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What Vert.x does by itself: it looks a token up and writes a fixed body. Arguments: port, file with tokens, file with the body. */
final class BareServer {
    private BareServer() {}

    public static void main(String[] args) throws Exception {
        Cache<String, Boolean> tokens = Caffeine.newBuilder().maximumSize(100_000).build();
        Files.readAllLines(Path.of(args[1])).forEach(token -> tokens.put("Bearer " + token, true));
        Buffer body = Buffer.buffer(Files.readString(Path.of(args[2]), StandardCharsets.UTF_8));
        int loops = Runtime.getRuntime().availableProcessors();
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(loops).setPreferNativeTransport(true));
        Serving serving = new Serving(Integer.parseInt(args[0]), tokens, body);
        vertx.deployVerticle(() -> new Verticle(serving), new DeploymentOptions().setInstances(loops))
                .await();
    }

    private record Serving(int port, Cache<String, Boolean> tokens, Buffer body) {}

    private static final class Verticle extends VerticleBase {
        private final Serving serving;

        Verticle(Serving serving) {
            this.serving = serving;
        }

        @Override
        public Future<?> start() {
            return vertx.createHttpServer()
                    .requestHandler(request -> {
                        String token = request.getHeader(HttpHeaders.AUTHORIZATION);
                        boolean known = token != null && serving.tokens.getIfPresent(token) != null;
                        request.response()
                                .setStatusCode(known ? 200 : 401)
                                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                                .end(serving.body);
                    })
                    .listen(serving.port, "127.0.0.1");
        }
    }
}
