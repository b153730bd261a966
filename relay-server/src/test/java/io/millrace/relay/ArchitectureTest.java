package io.millrace.relay;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTag;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Who may know whom in the program. */
@ArchTag("any-jdk")
@AnalyzeClasses(packages = "io.millrace.relay", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule packagesHaveNoCycles = slices().matching("io.millrace.relay.(*)..")
            .should()
            .beFreeOfCycles()
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule nothingDependsOnTheRoot = noClasses()
            .that()
            .resideInAPackage("io.millrace.relay.*..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.millrace.relay")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule onlyMainKnowsTheRelayServer = noClasses()
            .that(DescribedPredicate.not(belongToAnyOf(Main.class)).and(DescribedPredicate.not(isTheRelayServer())))
            .should()
            .dependOnClassesThat(isTheRelayServer())
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule nettyAndTheInternalsOfVertxStayInNet = noClasses()
            .that()
            .resideOutsideOfPackage("io.millrace.relay.net..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.netty..", "io.vertx.core.internal..", "io.vertx.core.impl..", "io.vertx.core.spi..")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule hazelcastStaysInTheClusterModule = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.hazelcast..")
            .allowEmptyShould(true);

    private static DescribedPredicate<JavaClass> isTheRelayServer() {
        return DescribedPredicate.describe(
                "RelayServer", type -> type.getName().matches("io\\.millrace\\.relay\\.RelayServer(\\$.*)?"));
    }
}
