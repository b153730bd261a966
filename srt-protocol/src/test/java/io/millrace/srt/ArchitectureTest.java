package io.millrace.srt;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaModifier.SYNCHRONIZED;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTag;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Date;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.Timer;
import java.util.TimerTask;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The promises of the library that the compiler can't check: bytes and the time go in, bytes and events come out, and
 * nothing else has an influence. A rule that is in the way is a reason to talk about the design, not to add an
 * exception.
 */
@ArchTag("any-jdk")
@AnalyzeClasses(packages = "io.millrace.srt", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("io.millrace.srt.(*)..").should().beFreeOfCycles().allowEmptyShould(true);

    @ArchTest
    static final ArchRule onlyTheJdkIsUsed = noClasses()
            .should()
            .dependOnClassesThat(
                    not(resideInAnyPackage("", "java..", "javax.crypto..", "io.millrace.srt..", "org.jspecify..")
                            .or(resideInAPackage("org.bouncycastle.."))))
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule bouncyCastleStaysInCrypto = noClasses()
            .that()
            .resideOutsideOfPackage("io.millrace.srt.crypto..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.bouncycastle..")
            .allowEmptyShould(true);

    // The handshake needs a MAC for its cookie.
    @ArchTest
    static final ArchRule ciphersStayInCryptoAndHandshake = noClasses()
            .that()
            .resideOutsideOfPackages("io.millrace.srt.crypto..", "io.millrace.srt.handshake..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("javax.crypto..")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule theClockIsNotRead =
            noClasses().should().accessTargetWhere(readsTheClock()).allowEmptyShould(true);

    @ArchTest
    static final ArchRule randomnessIsPassedIn =
            noClasses().should().accessTargetWhere(makesRandomness()).allowEmptyShould(true);

    @ArchTest
    static final ArchRule nothingIsConcurrent = noClasses()
            .should()
            .dependOnClassesThat(isConcurrent())
            .orShould()
            .accessTargetWhere(waitsOnAMonitor())
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule noMethodIsSynchronized =
            noMethods().should().haveModifier(SYNCHRONIZED).allowEmptyShould(true);

    @ArchTest
    static final ArchRule nothingIsReadOrWrittenOutside = noClasses()
            .should()
            .dependOnClassesThat(resideInAnyPackage("java.nio.channels..", "java.nio.file..", "java.util.logging..")
                    .or(resideInAPackage("java.net..").and(not(isAnAddress())))
                    .or(equivalentTo(System.Logger.class)))
            .orShould()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err")
            .orShould()
            .accessField(System.class, "in")
            .allowEmptyShould(true);

    // A synchronized block leaves no trace in what ArchUnit reads.
    @Test
    void noBlockIsSynchronized() throws IOException {
        Pattern block = Pattern.compile("\\bsynchronized\\s*\\(");
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                assertThat(block.matcher(Files.readString(file)).find())
                        .as("synchronized block in %s", file)
                        .isFalse();
            }
        }
    }

    private static DescribedPredicate<JavaAccess<?>> readsTheClock() {
        return DescribedPredicate.describe("reads the clock", call -> {
            JavaClass owner = call.getTargetOwner();
            String name = call.getName();
            if (owner.isEquivalentTo(System.class)) {
                return name.equals("nanoTime") || name.equals("currentTimeMillis");
            }
            if (owner.isEquivalentTo(Date.class)) {
                return name.equals("<init>");
            }
            return owner.getPackageName().startsWith("java.time")
                    && (name.equals("now") || owner.getSimpleName().equals("Clock"));
        });
    }

    private static DescribedPredicate<JavaAccess<?>> makesRandomness() {
        Set<String> sources = Set.of("<init>", "current", "getInstance", "getInstanceStrong");
        return DescribedPredicate.describe("makes randomness", call -> {
            JavaClass owner = call.getTargetOwner();
            boolean generator = Stream.of(
                            Random.class, SecureRandom.class, SplittableRandom.class, ThreadLocalRandom.class)
                    .anyMatch(owner::isEquivalentTo);
            return (generator && sources.contains(call.getName()))
                    || (owner.isEquivalentTo(Math.class) && call.getName().equals("random"))
                    || (owner.isEquivalentTo(UUID.class) && call.getName().equals("randomUUID"));
        });
    }

    private static DescribedPredicate<JavaClass> isConcurrent() {
        return DescribedPredicate.describe(
                "make or meet threads",
                type -> (type.getPackageName().startsWith("java.util.concurrent")
                                && !type.isEquivalentTo(TimeUnit.class)
                                && !type.getPackageName().equals("java.util.concurrent.atomic"))
                        || type.isEquivalentTo(Thread.class)
                        || type.isEquivalentTo(ThreadLocal.class)
                        || type.isEquivalentTo(Timer.class)
                        || type.isEquivalentTo(TimerTask.class));
    }

    private static DescribedPredicate<JavaAccess<?>> waitsOnAMonitor() {
        Set<String> names = Set.of("wait", "notify", "notifyAll");
        return DescribedPredicate.describe(
                "waits on a monitor",
                call -> call.getTargetOwner().isEquivalentTo(Object.class) && names.contains(call.getName()));
    }

    private static DescribedPredicate<JavaClass> isAnAddress() {
        return DescribedPredicate.describe(
                "addresses",
                type -> Stream.of(
                                InetAddress.class,
                                Inet4Address.class,
                                Inet6Address.class,
                                InetSocketAddress.class,
                                java.net.SocketAddress.class,
                                UnknownHostException.class)
                        .anyMatch(type::isEquivalentTo));
    }
}
