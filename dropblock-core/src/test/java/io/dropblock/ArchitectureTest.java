package io.dropblock;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.conditions.ArchConditions;
import io.dropblock.metric.Metric;
import io.dropblock.model.Architecture;
import io.dropblock.model.Head;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The arrows of docs/architecture.md. */
class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.dropblock");

  @Test
  void packagesHaveNoCycle() {
    slices().matching("io.dropblock.(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void coreKnowsNeitherSparkNorHadoop() {
    noClasses()
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("org.apache.spark..", "org.apache.hadoop..", "scala.."))
        .check(CLASSES);
  }

  /** They are in the module dropblock-cuda, which only the profile cuda builds. */
  @Test
  void coreKnowsNoClassOfNd4jsCudaBackend() {
    noClasses()
        .should()
        .dependOnClassesThat(resideInAnyPackage("org.nd4j.linalg.jcublas..", "org.nd4j.jita.."))
        .check(CLASSES);
  }

  @Test
  void theOpKnowsNoNetwork() {
    noClasses()
        .that()
        .resideInAPackage("io.dropblock.op..")
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("org.deeplearning4j..", "io.dropblock.nn..", "io.dropblock.model.."))
        .check(CLASSES);
  }

  /** The last is to make a classifier in one call. */
  @Test
  void nothingButItsHeadItsLossAndItsMetricNamesATask() {
    DescribedPredicate<JavaClass> ofATask =
        DescribedPredicate.describe(
            "name a task",
            type ->
                type.getName()
                    .matches(
                        "io\\.dropblock\\.(detection\\..*|.*(Classification|SmoothedCrossEntropy|TopK"
                            + "|Segmentation|Pixel|MeanIoU|LabelMaps"
                            + "|AveragePrecision|Detection|Focal|BoxLoss|BoxErrors|Anchor).*)"));
    noClasses()
        .that(not(ofATask))
        .and(not(belongToAnyOf(Architecture.class)))
        .should()
        .dependOnClassesThat(ofATask)
        .check(CLASSES);
    for (Class<?> part : List.of(Head.class, Metric.class)) {
      classes().that().implement(part).should(ArchConditions.be(ofATask)).check(CLASSES);
    }
  }

  @Test
  void schedulesKnowNothingButJava() {
    noClasses()
        .that()
        .resideInAPackage("io.dropblock.schedule..")
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("org..", "com..", "io.dropblock.op..", "io.dropblock.nn.."))
        .check(CLASSES);
  }

  @Test
  void theDriverKnowsNeitherTheOpNorNd4j() {
    noClasses()
        .that()
        .resideInAPackage("io.dropblock.cuda..")
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(
                "org.nd4j..", "org.deeplearning4j..", "io.dropblock.op..", "io.dropblock.nn.."))
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
