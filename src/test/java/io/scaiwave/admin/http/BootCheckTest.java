package io.scaiwave.admin.http;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.scaiwave.admin.bus.Operation;
import java.io.File;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BootCheckTest {
    private static final Path MAIN = Path.of("src/main/java");

    record Nothing() {}

    record SlugAndBody(String slug, String body) {}

    record Models(String modality, Boolean enabled, String q, int limit, int offset) {}

    private final Contract contract = Contract.load();
    private final Map<String, Operation<?, ?>> served = new HashMap<>();

    @BeforeEach
    void serveWhatTheFeaturesServe() throws Exception {
        try (Stream<Path> files = Files.walk(MAIN)) {
            for (Path file : files.filter(file -> file.toString().endsWith("Verticle.java"))
                    .toList()) {
                String name =
                        MAIN.relativize(file).toString().replace(".java", "").replace(File.separatorChar, '.');
                for (Field field : Class.forName(name).getDeclaredFields()) {
                    if (field.getType() == Operation.class) {
                        field.setAccessible(true);
                        Operation<?, ?> operation = (Operation<?, ?>) field.get(null);
                        served.put(operation.id(), operation);
                    }
                }
            }
        }
    }

    private void serve(String id, Class<? extends Record> input) {
        served.put(id, new Operation<>(id, input));
    }

    @Test
    void run_isContentWhenBothAgree() {
        assertThatCode(() -> BootCheck.run(contract, served)).doesNotThrowAnyException();
    }

    @Test
    void run_namesAnOperationThatNobodyServes() {
        served.remove("getPartner");
        assertThatThrownBy(() -> BootCheck.run(contract, served))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("getPartner is in openapi.yaml and no feature serves it");
    }

    @Test
    void run_namesAnOperationOutsideTheContract() {
        serve("deleteEverything", Nothing.class);
        assertThatThrownBy(() -> BootCheck.run(contract, served))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("deleteEverything is served and not in openapi.yaml");
    }

    @Test
    void run_namesInputsThatDiffer() {
        serve("enableModel", SlugAndBody.class);
        serve("getPartner", Nothing.class);
        serve("listPartners", Models.class);
        assertThatThrownBy(() -> BootCheck.run(contract, served))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("enableModel has the inputs [slug] in openapi.yaml and [body, slug] in")
                .hasMessageContaining("getPartner has the inputs [partner_id] in openapi.yaml and [] in")
                .hasMessageContaining("listPartners has the inputs [limit, offset]");
    }
}
