package io.dropblock.spark;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.conditions.ArchConditions;
import io.dropblock.spark.cli.assembly.Demonstration;
import io.dropblock.spark.data.annotation.LabelMap;
import io.dropblock.spark.data.annotation.ObjectSet;
import io.dropblock.spark.data.feed.Preprocessing;
import io.dropblock.spark.data.feed.Targets;
import io.dropblock.spark.data.kind.AnnotationKind;
import io.dropblock.spark.data.kind.AnnotationKinds;
import io.dropblock.spark.data.kind.ClassTally;
import io.dropblock.spark.data.kind.KindTable;
import io.dropblock.spark.data.kind.PlainValue;
import io.dropblock.spark.files.HadoopPath;
import io.dropblock.spark.objective.Objective;
import io.dropblock.spark.predict.Inference;
import io.dropblock.spark.recipe.TaskRecipe;
import io.dropblock.spark.ring.Encryption;
import io.dropblock.spark.ring.PortRange;
import io.dropblock.spark.ring.RingException;
import io.dropblock.spark.ring.RingSettings;
import io.dropblock.spark.ring.SumOrder;
import io.dropblock.spark.ring.WireFormat;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;

/** The arrows of docs/architecture.md. */
class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.dropblock.spark");

  @Test
  void packagesHaveNoCycle() {
    slices().matching("io.dropblock.spark.(*)..").should().beFreeOfCycles().check(CLASSES);
    slices().matching("io.dropblock.spark.data.(*)..").should().beFreeOfCycles().check(CLASSES);
    slices().matching("io.dropblock.spark.(**)").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void familiesOfDataSetsDoNotKnowEachOther() {
    slices()
        .matching("io.dropblock.spark.data.source.(coco|folder|imagenet|tfrecord|voc)..")
        .should()
        .notDependOnEachOther()
        .check(CLASSES);
  }

  @Test
  void nothingButTheCommandLineKnowsRecipes() {
    noClasses()
        .that()
        .resideOutsideOfPackages("io.dropblock.spark.recipe..", "io.dropblock.spark.cli..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.dropblock.spark.recipe..")
        .check(CLASSES);
  }

  @Test
  void readingYamlKnowsNoRecipe() {
    noClasses()
        .that()
        .resideInAPackage("io.dropblock.spark.recipe.yaml..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.dropblock.spark.recipe")
        .check(CLASSES);
  }

  @Test
  void recipesKnowNothingOfWhatTheyConfigure() {
    noClasses()
        .that()
        .resideInAPackage("io.dropblock.spark.recipe..")
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(
                "io.dropblock.spark.data..",
                "io.dropblock.spark.train..",
                "io.dropblock.spark.evaluate..",
                "io.dropblock.model..",
                "org.deeplearning4j..",
                "org.apache.spark.."))
        .check(CLASSES);
  }

  @Test
  void dataFlowsOneWay() {
    noClasses()
        .that()
        .resideInAPackage("io.dropblock.spark.data..")
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(
                    "io.dropblock.spark.train..",
                    "io.dropblock.spark.evaluate..",
                    "org.deeplearning4j..",
                    "org.nd4j..")
                // Protocol Buffers under another name, and nothing of ND4J.
                .and(not(resideInAPackage("org.nd4j.shade.protobuf.."))))
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAPackage("io.dropblock.spark.evaluate..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.dropblock.spark.train..")
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAPackage("io.dropblock.spark.train..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.dropblock.spark.report..")
        .check(CLASSES);
  }

  /** Else another task would be another line in each of them. */
  @Test
  void nothingButItsPartsNamesATask() {
    noClasses()
        .that(not(TaskWords.namesATask()))
        // which task a raw data set is for
        .and()
        .resideOutsideOfPackage("io.dropblock.spark.data.source..")
        .and()
        // anybody's results, without a network
        .resideOutsideOfPackage("io.dropblock.spark.evaluate.coco")
        .and()
        .doNotHaveFullyQualifiedName("io.dropblock.spark.data.kind.AnnotationKinds")
        // pixels, labels and boxes go the same way
        .and()
        .doNotHaveFullyQualifiedName("io.dropblock.spark.data.image.Placement")
        // which recipe is for which task
        .and()
        .resideOutsideOfPackage("io.dropblock.spark.recipe")
        .and()
        .doNotHaveFullyQualifiedName("io.dropblock.spark.cli.assembly.Assembly")
        .and()
        .doNotHaveFullyQualifiedName("io.dropblock.spark.cli.assembly.Demonstration")
        // checkpoints of when there was one task
        .and()
        .doNotHaveFullyQualifiedName("io.dropblock.spark.train.OldNetwork")
        .should()
        .dependOnClassesThat(TaskWords.namesATask())
        .check(CLASSES);
  }

  @Test
  void tasksDoNotKnowEachOther() {
    slices().assignedFrom(TaskWords.tasks()).should().notDependOnEachOther().check(CLASSES);
  }

  /** Else the two above would not see them. */
  @Test
  void thePartsOfATaskAreKnownByTheirNames() {
    for (Class<?> part :
        List.of(
            AnnotationKind.class,
            Preprocessing.class,
            Targets.class,
            Objective.class,
            TaskRecipe.class,
            Inference.class,
            Demonstration.class)) {
      classes()
          .that()
          .implement(part)
          .should(ArchConditions.be(TaskWords.namesATask()))
          .check(CLASSES);
    }
    classes()
        .that()
        .implement("io.dropblock.spark.cli.assembly.Assembly")
        .should(ArchConditions.be(TaskWords.namesATask()))
        .check(CLASSES);
  }

  /** Else a new kind of annotations would be a new line in each of them. */
  @Test
  void shardsTablesAndPicturesKnowNoKindOfAnnotations() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "io.dropblock.spark.data.shard..",
            "io.dropblock.spark.data.prepare..",
            "io.dropblock.spark.data.inspect..",
            "io.dropblock.spark.report..")
        .should()
        .dependOnClassesThat(
            resideInAPackage("io.dropblock.spark.data.kind..")
                .and(
                    not(
                        belongToAnyOf(
                            AnnotationKind.class,
                            AnnotationKinds.class,
                            ClassTally.class,
                            KindTable.class,
                            PlainValue.class))))
        .orShould()
        .dependOnClassesThat(belongToAnyOf(ObjectSet.class, LabelMap.class))
        .check(CLASSES);
  }

  @Test
  void theRingKnowsNothingButAddressesAndBytes() {
    noClasses()
        .that()
        .resideInAPackage("io.dropblock.spark.ring..")
        .should()
        .dependOnClassesThat()
        .resideOutsideOfPackages(
            "io.dropblock.spark.ring..", "java..", "javax.crypto..", "org.slf4j..")
        .check(CLASSES);
    noClasses()
        .that()
        .resideOutsideOfPackages("io.dropblock.spark.ring..", "io.dropblock.spark.allreduce..")
        .should()
        .dependOnClassesThat(
            resideInAPackage("io.dropblock.spark.ring..")
                .and(
                    not(
                        belongToAnyOf(
                            Encryption.class,
                            PortRange.class,
                            RingException.class,
                            RingSettings.class,
                            SumOrder.class,
                            WireFormat.class))))
        .check(CLASSES);
  }

  @Test
  void scalingIsNumbersOnPaper() {
    noClasses()
        .that()
        .resideInAPackage("io.dropblock.spark.scaling..")
        .should()
        .dependOnClassesThat()
        .resideOutsideOfPackages(
            "io.dropblock.spark.scaling..",
            "io.dropblock.spark.data",
            "io.dropblock.spark.ring",
            "java..",
            "org.apache.commons.math3..")
        .check(CLASSES);
  }

  @Test
  void filesLocksAndWordsAreForAnybody() {
    noClasses()
        .that()
        .resideInAnyPackage("io.dropblock.spark.files..", "io.dropblock.spark.text..")
        .should()
        .dependOnClassesThat(
            resideInAPackage("io.dropblock.spark..")
                .and(
                    not(
                        resideInAnyPackage(
                            "io.dropblock.spark.files..", "io.dropblock.spark.text.."))))
        .check(CLASSES);
  }

  @Test
  void theClusterIsForAnyRun() {
    noClasses()
        .that()
        .resideInAPackage("io.dropblock.spark.cluster..")
        .should()
        .dependOnClassesThat(
            resideInAPackage("io.dropblock.spark..")
                .and(
                    not(
                        resideInAnyPackage(
                            "io.dropblock.spark.cluster..",
                            "io.dropblock.spark.ring..",
                            "io.dropblock.spark.text.."))))
        .check(CLASSES);
  }

  @Test
  void gpusAreForAnyTask() {
    noClasses()
        .that()
        .resideInAnyPackage("io.dropblock.spark.gpu..", "io.dropblock.spark.rank..")
        .should()
        .dependOnClassesThat(
            resideInAPackage("io.dropblock.spark..")
                .and(
                    not(
                        resideInAnyPackage(
                            "io.dropblock.spark.gpu..",
                            "io.dropblock.spark.rank..",
                            "io.dropblock.spark.cluster.."))))
        .check(CLASSES);
    noClasses()
        .should()
        .dependOnClassesThat(resideInAnyPackage("org.nd4j.linalg.jcublas..", "org.nd4j.jita.."))
        .check(CLASSES);
  }

  @Test
  void theMasterIsForAnyGraph() {
    noClasses()
        .that()
        .resideInAPackage("io.dropblock.spark.allreduce..")
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(
                "io.dropblock.spark.train..",
                "io.dropblock.spark.data..",
                "io.dropblock.spark.evaluate..",
                "io.dropblock.model.."))
        .check(CLASSES);
  }

  /** The Spark that submit.sh fetches has neither. */
  @Test
  void commandsNeedNeitherSparkSqlNorMllib() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.dropblock.spark.ml..")
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(
                "org.apache.spark.sql..",
                "org.apache.spark.ml..",
                "org.apache.spark.mllib..",
                "io.dropblock.spark.ml.."))
        .check(CLASSES);
  }

  /** Hadoop's own take a colon in a name for the end of a scheme. */
  @Test
  void pathsAreMadeInOnePlace() {
    noClasses()
        .that(not(belongToAnyOf(HadoopPath.class)))
        .should()
        .callConstructor(Path.class, Path.class, String.class)
        .orShould()
        .callConstructor(Path.class, String.class, String.class)
        .orShould()
        .callMethod(Path.class, "getFileSystem", Configuration.class)
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAPackage("io.dropblock.spark.cli..")
        .should()
        .callConstructor(Path.class, String.class)
        .because("a user's words are no address yet")
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
