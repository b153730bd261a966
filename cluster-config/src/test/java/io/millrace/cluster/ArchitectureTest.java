package io.millrace.cluster;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTag;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@ArchTag("any-jdk")
@AnalyzeClasses(packages = "io.millrace.cluster", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

    // Whoever uses the registry must not be able to tell what is behind it.
    @ArchTest
    static final ArchRule onlyTheJdkAndHazelcastAreUsed = noClasses()
            .should()
            .dependOnClassesThat()
            .resideOutsideOfPackages(
                    "",
                    "java..",
                    "javax..",
                    "io.millrace.cluster..",
                    "org.jspecify..",
                    "org.slf4j..",
                    "com.hazelcast..")
            .allowEmptyShould(true);
}
