package io.dropblock.bench;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.dropblock.spark.text.ForeseenException;
import org.junit.jupiter.api.Test;

/** The arrows of docs/architecture.md. */
class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.dropblock.bench");

  @Test
  void packagesHaveNoCycle() {
    slices().matching("io.dropblock.bench.(**)").should().beFreeOfCycles().check(CLASSES);
  }

  /** Their jar goes to clusters. */
  @Test
  void nothingElseKnowsMeasurements() {
    JavaClasses others =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .withImportOption(location -> !location.contains("/io/dropblock/bench/"))
            .importPackages("io.dropblock");
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.dropblock.bench..", "org.openjdk.jmh..")
        .check(others);
  }

  @Test
  void measurementsHaveNoRecipe() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.dropblock.spark.recipe..", "io.dropblock.spark.train..")
        .check(CLASSES);
  }

  @Test
  void whatACommandLetsOutIsForPeople() {
    classes()
        .that(assignableTo(Throwable.class))
        .should()
        .beAssignableTo(ForeseenException.class)
        .check(CLASSES);
  }

  @Test
  void noNameSaysNothing() {
    noClasses()
        .should()
        .haveNameMatching(".*(Util|Utils|Helper|Helpers|Manager|Impl|Base)")
        .check(CLASSES);
  }
}
