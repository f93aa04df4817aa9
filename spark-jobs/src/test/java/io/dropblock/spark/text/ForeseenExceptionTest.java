package io.dropblock.spark.text;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.properties.HasName;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.dropblock.spark.ring.RingException;
import io.dropblock.spark.train.failure.NotFiniteException;
import org.junit.jupiter.api.Test;

/** A new class of errors cannot forget that people read it. */
class ForeseenExceptionTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.dropblock.spark");

  /** What ranks throw: the driver tells of them in words of its own. */
  private static final DescribedPredicate<JavaClass> OF_RANKS =
      belongToAnyOf(RingException.class, NotFiniteException.class);

  /** What {@code main} throws for YARN behind everything, with the words that were told before. */
  private static final DescribedPredicate<HasName> OF_MAIN =
      name("io.dropblock.spark.cli.FailedCommand");

  private static final DescribedPredicate<JavaClass> UNCHECKED =
      assignableTo(RuntimeException.class).or(assignableTo(Error.class));

  @Test
  void whatACommandLetsOutIsForPeople() {
    classes()
        .that(UNCHECKED.and(not(OF_RANKS)).and(not(OF_MAIN)))
        .should()
        .beAssignableTo(ForeseenException.class)
        .check(CLASSES);
  }

  /** A checked one is caught, and told as another, before a command's own {@code throws}. */
  @Test
  void noCommandLetsOutACheckedOneOfOurs() {
    noClasses()
        .that()
        .resideInAPackage("io.dropblock.spark.cli..")
        .should()
        .callCodeUnitWhere(
            DescribedPredicate.describe(
                "it throws a checked exception of ours that the caller throws on",
                ForeseenExceptionTest::letsOutACheckedOne))
        .check(CLASSES);
  }

  private static boolean letsOutACheckedOne(JavaCall<?> call) {
    return call.getTarget().getThrowsClause().getTypes().stream()
        .filter(resideInAPackage("io.dropblock..").and(not(UNCHECKED)))
        .anyMatch(
            checked ->
                call.getOrigin().getThrowsClause().getTypes().stream()
                    .anyMatch(thrown -> checked.isAssignableTo(thrown.getName())));
  }
}
