package io.dropblock.spark.ml;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.substring_index;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dropblock.spark.data.source.DrawnShapes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Of networks that find objects and label pixels: a struct of the columns that predict writes. */
@ExtendWith(SparkSessionHere.class)
class StructPredictionsTest {
  @TempDir private static Path folder;

  private static String path(String name) {
    return folder.resolve(name).toString();
  }

  @Test
  void areThoseOfPredict() throws IOException {
    new DrawnShapes(1)
        .write(
            FileSystem.getLocal(new Configuration()).getRaw(),
            new org.apache.hadoop.fs.Path(path("images")),
            1,
            1);
    RandomRun.write(
        folder.resolve("objects"),
        RandomRun.data(List.of("a", "b", "c")),
        "shapes-detection",
        "data.size=64",
        "model.width=2",
        "task.pyramid_filters=4",
        "task.head_filters=4",
        "task.score_threshold=0",
        "task.max_detections=7");
    RandomRun.write(
        folder.resolve("pixels"),
        RandomRun.data(List.of("background", "a", "b", "c")),
        "shapes-segmentation",
        "data.size=64",
        "model.width=2",
        "task.pyramid_filters=4",
        "task.head_filters=4");
    for (String run : List.of("objects", "pixels")) {
      Commands.run("predict", path(run), "--images", path("images/val"), "--out", path(run + "-o"));
    }
    SparkSession spark = SparkSessionHere.session();
    Dataset<Row> images =
        spark
            .read()
            .format("binaryFile")
            .option("recursiveFileLookup", true)
            .load(path("images/val"))
            .withColumn("name", substring_index(col("path"), "/", -2));
    objects(spark, images);
    pixels(spark, images);
  }

  private static void objects(SparkSession spark, Dataset<Row> images) {
    List<Row> expected = spark.read().parquet(path("objects-o")).orderBy("name").collectAsList();
    DropBlockModel model = DropBlockModel.load(path("objects")).setInputCol("content");
    List<Row> rows = model.transform(images).orderBy("name").collectAsList();
    assertThat(rows).hasSize(6).hasSameSizeAs(expected);
    int found = 0;
    for (int i = 0; i < rows.size(); i++) {
      Row said = rows.get(i).getAs("prediction");
      assertThat(said.schema().fieldNames()).containsExactly("width", "height", "objects");
      assertThat(said.<Integer>getAs("width")).isEqualTo(32);
      List<Row> objects = said.getList(2);
      List<Row> scored = expected.get(i).getList(expected.get(i).fieldIndex("objects"));
      assertThat(objects).hasSameSizeAs(scored);
      for (int j = 0; j < objects.size(); j++) {
        assertThat(objects.get(j).<String>getAs("class")).isEqualTo(scored.get(j).getAs("class"));
        for (String number : List.of("score", "x", "y", "width", "height")) {
          assertThat(objects.get(j).<Float>getAs(number))
              .isEqualTo(scored.get(j).<Float>getAs(number), within(1e-3f));
        }
      }
      found += objects.size();
    }
    assertThat(found).isGreaterThan(6);
    assertThatThrownBy(
            () -> model.copy(model.extractParamMap()).setProbabilityCol("p").transform(images))
        .hasMessageContaining("the network does not give an image one class");
    assertThatThrownBy(() -> model.setFeaturesCol("f").transform(images))
        .hasMessageContaining("set layer to one of layers()");
  }

  private static void pixels(SparkSession spark, Dataset<Row> images) {
    List<Row> expected = spark.read().parquet(path("pixels-o")).orderBy("name").collectAsList();
    DropBlockModel model = DropBlockModel.load(path("pixels")).setInputCol("content");
    String layer = model.layers()[3];
    List<Row> rows =
        model
            .setFeaturesCol("features")
            .setLayer(layer)
            .transform(images)
            .orderBy("name")
            .collectAsList();
    assertThat(rows).hasSize(6);
    for (int i = 0; i < rows.size(); i++) {
      Row said = rows.get(i).getAs("prediction");
      assertThat(said.<Integer>getAs("height")).isEqualTo(32);
      assertThat(said.<byte[]>getAs("labels")).isEqualTo(expected.get(i).<byte[]>getAs("labels"));
      assertThat(rows.get(i).<Vector>getAs("features").size()).isGreaterThan(100);
    }
  }
}
