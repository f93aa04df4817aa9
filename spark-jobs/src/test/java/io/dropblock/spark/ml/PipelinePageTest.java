package io.dropblock.spark.ml;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.element_at;
import static org.apache.spark.sql.functions.split;
import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.spark.data.source.DrawnShapes;
import io.dropblock.spark.page.Repository;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.classification.LogisticRegressionModel;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.feature.StringIndexer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The program of docs/how-to/use-in-spark-ml.md, compiled and run, and the page. */
@ExtendWith(SparkSessionHere.class)
class PipelinePageTest {
  private static final String PAGE = "docs/how-to/use-in-spark-ml.md";
  private static final String SOURCE =
      "spark-jobs/src/test/java/io/dropblock/spark/ml/PipelinePageTest.java";

  @TempDir private Path temporary;

  @Test
  void theProgramTrainsOnFeatures() throws IOException {
    String folder = temporary.resolve("images/train").toString();
    String run = temporary.resolve("run").toString();
    String saved = temporary.resolve("saved").toString();
    new DrawnShapes(1)
        .write(
            FileSystem.getLocal(new Configuration()).getRaw(),
            new org.apache.hadoop.fs.Path(temporary.resolve("images").toString()),
            4,
            1);
    RandomRun.write(Path.of(run), RandomRun.data(List.of("a", "b", "c", "d", "e", "f")), "demo");
    SparkSession spark = SparkSessionHere.session();
    // page begins
    StringIndexer labels = new StringIndexer().setInputCol("kind").setOutputCol("label");
    DropBlockModel network =
        DropBlockModel.load(run)
            .setInputCol("content")
            .setFeaturesCol("features")
            .setPredictionCol("")
            .setProbabilityCol("")
            .setHandleInvalid("skip");
    Dataset<Row> photos =
        spark
            .read()
            .format("binaryFile")
            .option("recursiveFileLookup", true)
            .load(folder)
            .withColumn("kind", element_at(split(col("path"), "/"), -2));
    PipelineModel model =
        new Pipeline()
            .setStages(new PipelineStage[] {labels, network, new LogisticRegression()})
            .fit(photos);
    model.write().overwrite().save(saved);
    PipelineModel.load(saved).transform(photos).select("path", "kind", "prediction").show();
    // page ends
    LogisticRegressionModel trained = (LogisticRegressionModel) model.stages()[2];
    assertThat(trained.numClasses()).isEqualTo(6);
    assertThat(trained.numFeatures()).isEqualTo(64);
    // 24 images have room in 64 numbers: what is trained tells them apart, by chance a sixth
    assertThat(
            new MulticlassClassificationEvaluator()
                .setMetricName("accuracy")
                .evaluate(model.transform(photos)))
        .isGreaterThan(.9);
  }

  @Test
  void thePageHoldsThatProgram() throws IOException {
    String program =
        Repository.read(Repository.ROOT.resolve(SOURCE))
            .split("// page begins\n")[1]
            .split("\n *// page ends")[0];
    assertThat(Repository.read(Repository.ROOT.resolve(PAGE)))
        .contains("```java\n" + program.stripIndent() + "\n```\n");
  }
}
