// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaConstructorCall;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.agentgovernance.secret.Log;
import io.agentgovernance.spi.RunReplica;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** What holds for the whole of core, whichever classes it has. */
class ArchitectureTest {

  /** Raise it as the code grows: it proves that the rules below looked at something. */
  private static final int CLASSES_SEEN_AT_LEAST = 1;

  private static final String ROOT = "io.agentgovernance";

  private static final JavaClasses CORE =
      new ClassFileImporter().withImportOption(ArchitectureTest::isMainCode).importPackages(ROOT);

  @Test
  void theRulesSeeTheClasses() {
    assertThat(CORE.size()).isGreaterThanOrEqualTo(CLASSES_SEEN_AT_LEAST);
    assertThat(CORE).noneMatch(type -> type.getSimpleName().endsWith("Test"));
  }

  @Test
  void featurePackagesAreFreeOfCycles() {
    DescribedPredicate<JavaClass> internal = resideInAPackage(ROOT + ".internal..");

    check(
        slices()
            .matching(ROOT + ".(*)..")
            .should()
            .beFreeOfCycles()
            .ignoreDependency(internal, alwaysTrue())
            .ignoreDependency(alwaysTrue(), internal));
  }

  @Test
  void coreDependsOnTheListedLibrariesOnly() {
    check(
        classes()
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                ROOT + "..",
                "java..",
                "com.fasterxml.jackson..",
                "io.github.resilience4j..",
                "org.jspecify..",
                "org.slf4j.."));
  }

  @Test
  void signaturesShowJavaAndOwnTypesOnly() {
    check(
        classes()
            .that(ArePartOfTheApi.INSTANCE)
            .should(new HaveSignaturesOf(Set.of("java", ROOT)))
            .because(
                "Jackson, resilience4j and SLF4J can then be replaced without breaking anybody"));
  }

  @Test
  void onlyTheRootPackageUsesInternals() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackages(ROOT, ROOT + "..internal..")
            .and()
            .areNotAssignableTo(RunReplica.class)
            .and()
            .areNotAssignableTo(Log.class)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(ROOT + "..internal..")
            .because(
                "RunReplica is the door through which stores reach the one set of rules, and Log"
                    + " the one to the redactors"));
  }

  @Test
  void everyPackageIsNullMarked() {
    Set<String> packages =
        CORE.stream()
            .filter(type -> !type.getSimpleName().equals("module-info"))
            .map(type -> type.getPackage())
            .filter(
                candidate ->
                    candidate
                        .tryGetPackageInfo()
                        .filter(info -> info.isAnnotatedWith(NullMarked.class))
                        .isEmpty())
            .map(candidate -> candidate.getName())
            .collect(toSet());

    assertThat(packages).as("packages without @NullMarked in package-info.java").isEmpty();
  }

  @Test
  void nothingWritesToStandardStreams() {
    check(noClasses().should(ACCESS_STANDARD_STREAMS));
  }

  @Test
  void everybodyLogsThroughLog() {
    check(
        noClasses()
            .that()
            .areNotAssignableTo(Log.class)
            .should()
            .dependOnClassesThat(
                resideInAPackage("org.slf4j..")
                    .and(DescribedPredicate.not(equivalentTo(org.slf4j.MDC.class))))
            .because("it takes secrets out of what is logged"));
  }

  @Test
  void exceptionsAreSpecific() {
    check(
        noClasses()
            .should()
            .callConstructorWhere(
                DescribedPredicate.describe(
                    "a generic exception is created", ArchitectureTest::createsGenericException)));
  }

  /**
   * A rule that finds nothing to judge is satisfied: the code base may be younger than the rule.
   */
  private static void check(ArchRule rule) {
    rule.allowEmptyShould(true).check(CORE);
  }

  private static boolean isMainCode(Location location) {
    return !location.contains("/test-classes/") && !location.contains("/generated-test-classes/");
  }

  private static boolean createsGenericException(JavaConstructorCall call) {
    JavaClass created = call.getTargetOwner();
    boolean generic =
        Stream.of(Throwable.class, Exception.class, RuntimeException.class, Error.class)
            .anyMatch(created::isEquivalentTo);
    boolean superCall =
        call.getOrigin().isConstructor() && call.getOriginOwner().isAssignableTo(created.getName());
    return generic && !superCall;
  }

  /** Public or protected, in all enclosing classes too, and outside the internal packages. */
  private static final class ArePartOfTheApi extends DescribedPredicate<JavaClass> {
    static final ArePartOfTheApi INSTANCE = new ArePartOfTheApi();

    ArePartOfTheApi() {
      super("are part of the API");
    }

    @Override
    public boolean test(JavaClass type) {
      return isOpen(type.getModifiers())
          && !(type.getPackageName() + ".").contains(".internal.")
          && type.getEnclosingClass().map(this::test).orElse(true);
    }

    static boolean isOpen(Set<JavaModifier> modifiers) {
      return modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED);
    }
  }

  private static final class HaveSignaturesOf extends ArchCondition<JavaClass> {
    private final Set<String> packages;

    HaveSignaturesOf(Set<String> packages) {
      super("have signatures of types from " + new TreeSet<>(packages));
      this.packages = packages;
    }

    @Override
    public void check(JavaClass type, ConditionEvents events) {
      Stream.concat(type.getSuperclass().stream(), type.getInterfaces().stream())
          .flatMap(this::foreign)
          .distinct()
          .forEach(found -> report(events, type, type.getName() + " extends or implements", found));
      type.getMembers().stream()
          .filter(member -> ArePartOfTheApi.isOpen(member.getModifiers()))
          .filter(member -> !member.getModifiers().contains(JavaModifier.SYNTHETIC))
          .forEach(
              member ->
                  signature(member)
                      .flatMap(this::foreign)
                      .distinct()
                      .forEach(
                          found -> report(events, member, member.getFullName() + " shows", found)));
    }

    private static Stream<JavaType> signature(JavaMember member) {
      if (member instanceof JavaField field) {
        return Stream.of(field.getType());
      }
      var codeUnit = (JavaCodeUnit) member;
      return Stream.of(
              Stream.of(codeUnit.getReturnType()),
              codeUnit.getParameterTypes().stream(),
              codeUnit.getExceptionTypes().stream())
          .flatMap(types -> types);
    }

    private Stream<String> foreign(JavaType type) {
      return type.getAllInvolvedRawTypes().stream()
          .map(JavaClass::getBaseComponentType)
          .filter(raw -> !raw.isPrimitive())
          .filter(raw -> packages.stream().noneMatch(name -> raw.getName().startsWith(name + ".")))
          .map(JavaClass::getName);
    }

    private static void report(ConditionEvents events, Object where, String what, String found) {
      events.add(SimpleConditionEvent.violated(where, what + " " + found));
    }
  }
}
