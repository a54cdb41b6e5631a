package io.scaiwave.admin;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.toSet;

import com.fasterxml.jackson.core.type.TypeReference;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import io.scaiwave.admin.bus.Feature;
import io.scaiwave.admin.db.Database;
import io.vertx.core.VerticleBase;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

/** The walls of the house: which package may use which, who may write, and what is public. RATIONALE.md says why. */
class PackagesTest {
    private static final String BASE = "io.scaiwave.admin";

    /** From the ground up: a package uses those on the floors below its own, and none beside it. The roof is {@code BASE} itself. */
    private static final List<Set<String>> FLOORS = List.of(
            Set.of("json", "bus", "outbound", "text", "logs", "tracing"),
            Set.of("config", "work"),
            Set.of("db", "kafka"),
            Set.of("audit.entry"),
            Set.of("audit", "audit.verify"),
            Set.of("audit.relay", "audit.log", "auth", "models", "plugins", "stats"),
            Set.of("settings", "participants", "tenants", "http", "cli"),
            Set.of(""));

    private static final String[] FEATURES = {
        "..settings..", "..models..", "..plugins..", "..participants..", "..tenants..", "..stats.."
    };

    /** What features share with one another, besides their verticles. */
    private static final Set<String> SHARED = Set.of("ModelCatalogs", "Catalog", "Plugins");

    private static final JavaClasses SERVER = new ClassFileImporter().importPath(Path.of("target", "classes"));

    @Test
    void everyPackage_hasItsFloor_andUsesOnlyThoseBelow() {
        classes()
                .should(check(
                        "use only packages on the floors below",
                        (origin, events) -> origin.getDirectDependenciesFromSelf()
                                .forEach(use -> {
                                    int from = floor(origin);
                                    int to = floor(use.getTargetClass());
                                    boolean same = origin.getPackage()
                                            .equals(use.getTargetClass().getPackage());
                                    events.add(
                                            new SimpleConditionEvent(origin, same || to < from, use.getDescription()));
                                })))
                .check(SERVER);
    }

    /** The number of a class's floor; -1 for what is not ours. */
    private static int floor(JavaClass type) {
        String name = type.getPackageName();
        if (!name.equals(BASE) && !name.startsWith(BASE + ".")) {
            return -1;
        }
        String room = name.equals(BASE) ? "" : name.substring(BASE.length() + 1);
        for (int i = 0; i < FLOORS.size(); i++) {
            if (FLOORS.get(i).contains(room)) {
                return i;
            }
        }
        throw new AssertionError("the package " + name + " has no floor: give it one in " + PackagesTest.class);
    }

    @Test
    void noFiles_useOneAnotherInACircle() {
        slices().assignedFrom(new SliceAssignment() {
                    @Override
                    public SliceIdentifier getIdentifierOf(JavaClass type) {
                        return floor(type) < 0 ? SliceIdentifier.ignore() : SliceIdentifier.of(file(type));
                    }

                    @Override
                    public String getDescription() {
                        return "files";
                    }
                })
                .should()
                .beFreeOfCycles()
                .check(SERVER);
    }

    private static String file(JavaClass type) {
        return type.getName().replaceFirst("\\$.*", "");
    }

    @Test
    void inAFeature_onlyVerticlesAreSeenFromOutside() {
        Set<String> seen = SERVER.stream()
                .filter(type ->
                        type.isTopLevelClass() && resideInAnyPackage(FEATURES).test(type))
                .filter(type -> !type.getSimpleName().endsWith("Verticle"))
                .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
                .map(JavaClass::getSimpleName)
                .collect(toSet());
        Assertions.assertThat(seen).isEqualTo(SHARED);
    }

    @Test
    void http_isKnownInItsPackageAlone() {
        noClasses()
                .that()
                .resideOutsideOfPackage("..http..")
                .should()
                .dependOnClassesThat(describe(
                        "speak HTTP as a server",
                        type -> resideInAnyPackage(
                                                "io.vertx.ext.web",
                                                "io.vertx.ext.web.handler..",
                                                "io.vertx.ext.web.openapi..")
                                        .test(type)
                                || type.getFullName().startsWith("io.vertx.core.http.HttpServer")))
                .check(SERVER);
    }

    @Test
    void whatWrites_isCalledWhereChangesAreAudited_orNeedNotBe() {
        noClasses()
                .that()
                .resideOutsideOfPackages("..admin.audit..", "..admin.stats..", "..admin.db..")
                .and()
                .doNotHaveSimpleName("CatalogStore")
                .should()
                .callMethodWhere(describe(
                        "a method of Database that writes",
                        call -> call.getTargetOwner().isEquivalentTo(Database.class)
                                && Set.of("write", "call", "readMuch", "connected", "transaction", "session")
                                        .contains(call.getName())))
                .check(SERVER);
    }

    @Test
    void nothingIsInherited_butFeaturesVerticlesAndExceptions() {
        classes()
                .that(describe(
                        "are not what a library wants extended",
                        type -> !Set.of("UtcMillis", "Fixed", "SilenceLimit", "Silence", "LogQueue")
                                        .contains(type.getSimpleName())
                                && !file(type).endsWith(".CountedTls")))
                .should(check(
                        "extend nothing but Feature, VerticleBase, an exception or a type token", (type, events) -> {
                            JavaClass parent = type.getRawSuperclass().orElse(type);
                            boolean allowed = type.isInterface()
                                    || type.isEnum()
                                    || type.isRecord()
                                    || parent.isEquivalentTo(Object.class)
                                    || parent.isEnum()
                                    || parent.isEquivalentTo(Feature.class)
                                    || parent.isEquivalentTo(VerticleBase.class)
                                    || parent.isAssignableTo(Throwable.class)
                                    || parent.isEquivalentTo(TypeReference.class);
                            events.add(new SimpleConditionEvent(
                                    type, allowed, type.getName() + " extends " + parent.getName()));
                        }))
                .check(SERVER);
    }

    /** Who measures an interval by the time of day is wrong when that is set. Ids and tokens are of that time. */
    @Test
    void theTimeOfDay_isReadWhereItIsMeant() {
        noClasses()
                .that()
                .resideOutsideOfPackage("..cli..")
                .and(describe("have to do with ids, tokens and dates of people", type -> !Set.of(
                                "UuidV7", "ClockWatch", "ScaiKeyAuth", "Streams", "AuditTail", "AuditLogVerticle")
                        .contains(file(type).replaceFirst(".*\\.", ""))))
                .should()
                .callMethodWhere(
                        describe("a look at the time of day", call -> Set.of("System.currentTimeMillis", "Instant.now")
                                .contains(call.getTargetOwner().getSimpleName() + "." + call.getName())))
                .check(SERVER);
    }

    @Test
    void theVerifier_readsNoDatabaseNoTopicNoArguments() {
        noClasses()
                .that()
                .resideInAPackage("..audit.verify..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "java.sql..", "org.apache.kafka..", "picocli..", "io.vertx.sqlclient..", "io.vertx.pgclient..")
                .check(SERVER);
    }

    private interface Check {
        void check(JavaClass type, ConditionEvents events);
    }

    private static ArchCondition<JavaClass> check(String description, Check check) {
        return new ArchCondition<>(description) {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                check.check(type, events);
            }
        };
    }
}
