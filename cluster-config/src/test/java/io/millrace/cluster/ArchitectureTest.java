package io.millrace.cluster;

import static com.tngtech.archunit.lang.conditions.ArchConditions.have;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noCodeUnits;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTag;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@ArchTag("any-jdk")
@AnalyzeClasses(packages = "io.millrace.cluster", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    private static final DescribedPredicate<JavaClass> HAZELCAST = DescribedPredicate.describe(
            "Hazelcast's types", type -> type.getPackageName().startsWith("com.hazelcast"));

    private static final DescribedPredicate<JavaCodeUnit> MENTIONS_HAZELCAST = DescribedPredicate.describe(
            "Hazelcast's types in their signature",
            unit -> unit.getAllInvolvedRawTypes().stream().anyMatch(HAZELCAST));

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

    // Whoever uses the registry must not be able to tell what is behind it.
    @ArchTest
    static final ArchRule hazelcastIsInNoPublicSignature = noCodeUnits()
            .that()
            .arePublic()
            .and()
            .areDeclaredInClassesThat()
            .arePublic()
            .should(have(MENTIONS_HAZELCAST));

    @ArchTest
    static final ArchRule hazelcastIsInNoPublicField =
            noFields().that().haveModifier(JavaModifier.PUBLIC).should().haveRawType(HAZELCAST);

    @ArchTest
    static final ArchRule onlyOnePublicTypeKnowsHazelcast = classes()
            .that()
            .arePublic()
            .and()
            .areNotAssignableTo(HazelcastCluster.class)
            .should()
            .onlyDependOnClassesThat(DescribedPredicate.not(HAZELCAST));
}
