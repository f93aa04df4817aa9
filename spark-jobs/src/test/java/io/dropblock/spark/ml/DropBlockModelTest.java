package io.dropblock.spark.ml;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.element_at;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.split;
import static org.apache.spark.sql.functions.substring_index;
import static org.apache.spark.sql.functions.when;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.dropblock.spark.data.shard.ManifestFile;
import io.dropblock.spark.data.source.DrawnShapes;
import io.dropblock.spark.train.checkpoint.DataIdentity;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.feature.IndexToString;
import org.apache.spark.ml.feature.StringIndexerModel;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Of a network that gives an image one class, beside {@code predict} and {@code evaluate}. */
@ExtendWith(SparkSessionHere.class)
class DropBlockModelTest {
  private static final double CLOSE = 1e-5;
  private static final Configuration HADOOP = new Configuration();

  @TempDir private static Path folder;
  @TempDir private Path temporary;

  private static double top1;
  private static SparkSession spark;
  private static List<Row> predicted;

  @BeforeAll
  static void begin() throws IOException {
    new DrawnShapes(1)
        .write(
            FileSystem.getLocal(HADOOP).getRaw(),
            new org.apache.hadoop.fs.Path(path("images")),
            1,
            3);
    Commands.run("prepare", path("images"), "--out", path("data"));
    DataIdentity data =
        DataIdentity.of(ManifestFile.read(new org.apache.hadoop.fs.Path(path("data")), HADOOP));
    RandomRun.write(folder.resolve("run"), data, "demo", "model.width=2");
    Commands.run("predict", path("run"), "--images", path("images/val"), "--out", path("out"));
    Commands.run(
        "evaluate",
        path("run"),
        "--data",
        path("data"),
        "--checkpoint",
        "best",
        "--json",
        path("scores.json"));
    top1 =
        new ObjectMapper()
            .readTree(folder.resolve("scores.json").toFile())
            .get("main")
            .get("top-1")
            .asDouble();
    spark = SparkSessionHere.session();
    predicted = spark.read().parquet(path("out")).orderBy("name").collectAsList();
  }

  private static String path(String name) {
    return folder.resolve(name).toString();
  }

  private static DropBlockModel model() {
    return DropBlockModel.load(path("run")).setInputCol("content").setBatchSize(4);
  }

  /** As Spark reads them, with the name that predict has. */
  private static Dataset<Row> images() {
    return spark
        .read()
        .format("binaryFile")
        .option("recursiveFileLookup", true)
        .load(path("images/val"))
        .withColumn("name", substring_index(col("path"), "/", -2));
  }

  @Test
  void saysWhatPredictSays() {
    List<Row> rows = model().transform(images().repartition(3)).orderBy("name").collectAsList();
    assertThat(rows).hasSize(18).hasSameSizeAs(predicted);
    for (int i = 0; i < rows.size(); i++) {
      Row expected = predicted.get(i);
      Row row = rows.get(i);
      assertThat(row.<String>getAs("name")).isEqualTo(expected.getAs("name"));
      assertThat(row.<Double>getAs("prediction"))
          .isEqualTo(((Integer) expected.getAs("label")).doubleValue());
      Vector probabilities = row.getAs("probability");
      assertThat(probabilities.size()).isEqualTo(6);
      for (Row said : expected.<Row>getList(expected.fieldIndex("top"))) {
        assertThat(probabilities.apply(said.<Integer>getAs("label")))
            .isEqualTo(said.<Float>getAs("probability"), within(CLOSE));
      }
      assertThat(row.<String>getAs("broken")).isNull();
    }
    assertThat(rows.stream().map(row -> row.<Double>getAs("prediction")).distinct().count())
        .isGreaterThan(1);
  }

  @Test
  void sparksEvaluatorFindsWhatEvaluateFinds() {
    DropBlockModel model = model();
    StringIndexerModel labels =
        new StringIndexerModel(model.classes()).setInputCol("class").setOutputCol("label");
    Dataset<Row> rows =
        labels
            .transform(images().withColumn("class", element_at(split(col("name"), "/"), 1)))
            .transform(model::transform);
    assertThat(new MulticlassClassificationEvaluator().setMetricName("accuracy").evaluate(rows))
        .isEqualTo(top1, within(1e-9));
    assertThat(top1).isBetween(.01, .99);
    List<Row> named =
        new IndexToString()
            .setInputCol("prediction")
            .setOutputCol("said")
            .transform(rows)
            .select("name", "said")
            .orderBy("name")
            .collectAsList();
    assertThat(named.stream().map(row -> row.getString(1)))
        .isEqualTo(predicted.stream().map(row -> row.<String>getAs("class")).toList());
  }

  @Test
  void runsNoJobAndLoadsNothingBeforeRowsAreAskedFor() throws Exception {
    AtomicInteger jobs = new AtomicInteger();
    SparkListener counter =
        new SparkListener() {
          @Override
          public void onJobStart(SparkListenerJobStart job) {
            jobs.incrementAndGet();
          }
        };
    DropBlockModel model = model();
    Dataset<Row> rows = images().repartition(9);
    spark.sparkContext().addSparkListener(counter);
    try {
      Dataset<Row> answered = model.transform(rows);
      answered.schema();
      spark.sparkContext().listenerBus().waitUntilEmpty();
      assertThat(jobs).hasValue(0);
      NetworkPool pool =
          NetworkPool.of(model.copy(model.extractParamMap()).network(spark.sparkContext()));
      assertThat(pool.made()).isZero();

      assertThat(answered.collectAsList()).hasSize(18);
      spark.sparkContext().listenerBus().waitUntilEmpty();
      assertThat(jobs.get()).isPositive();
      // two tasks side by side, whatever number of partitions and of actions there is
      assertThat(pool.made()).isBetween(1, 2);
      assertThat(answered.limit(1).collectAsList()).hasSize(1);
      assertThat(answered.collectAsList()).hasSize(18);
      assertThat(pool.made()).isBetween(1, 2);
    } finally {
      spark.sparkContext().removeSparkListener(counter);
    }
  }

  @Test
  void brokenImagesAreKeptSkippedOrAnError() {
    byte[] whole = image("ring/0000.jpg");
    List<Row> rows =
        List.of(
            RowFactory.create(1, whole),
            RowFactory.create(2, Arrays.copyOf(whole, whole.length / 2)),
            RowFactory.create(3, null),
            RowFactory.create(4, "no image".getBytes(StandardCharsets.UTF_8)),
            RowFactory.create(5, new byte[0]),
            RowFactory.create(6, whole));
    StructType schema =
        new StructType().add("id", DataTypes.IntegerType).add("content", DataTypes.BinaryType);
    Dataset<Row> data = spark.createDataFrame(rows, schema).coalesce(1);

    DropBlockModel model = model().setFeaturesCol("features");
    List<Row> kept = model.transform(data).collectAsList();
    assertThat(kept.stream().map(row -> row.getInt(0))).containsExactly(1, 2, 3, 4, 5, 6);
    for (Row row : kept) {
      boolean fine = row.getInt(0) == 1 || row.getInt(0) == 6;
      for (String column : List.of("prediction", "probability", "features")) {
        assertThat(row.<Object>getAs(column) != null).as(column + " of " + row).isEqualTo(fine);
      }
      assertThat(row.<String>getAs("broken") == null).isEqualTo(fine);
    }
    assertThat(kept.get(2).<String>getAs("broken")).isEqualTo("its row has no bytes");
    assertThat(kept.get(4).<String>getAs("broken")).isEqualTo("the file is empty");
    assertThat(kept.get(0).<Vector>getAs("probability"))
        .isEqualTo(kept.get(5).<Vector>getAs("probability"));

    Dataset<Row> skipped = model().setHandleInvalid("skip").transform(data);
    assertThat(skipped.columns()).containsExactly("id", "content", "prediction", "probability");
    assertThat(skipped.collectAsList().stream().map(row -> row.getInt(0))).containsExactly(1, 6);

    Dataset<Row> strict = model().setHandleInvalid("error").transform(data);
    assertThatThrownBy(strict::collectAsList)
        .hasMessageContaining(
            "Cannot predict the image of column 'content', row 1 of partition 0: ")
        .hasMessageContaining("set handleInvalid to keep or skip to go on without it");
    assertThatThrownBy(() -> model().setHandleInvalid("drop"))
        .hasMessageContaining("handleInvalid")
        .hasMessageContaining("drop");
  }

  @Test
  void nothingIsMadeOfNothing() {
    Dataset<Row> none = images().where(lit(false));
    assertThat(model().transform(none).collectAsList()).isEmpty();
    assertThat(model().transform(none).columns()).contains("prediction", "probability", "broken");
    // most of the partitions are empty
    Dataset<Row> few = images().where(col("name").endsWith("0000.jpg")).repartition(30);
    assertThat(model().transform(few).collectAsList()).hasSize(6);
  }

  /** What Spark decodes is what our decoder decodes, of a PNG: blue, green, red, and grey. */
  @Test
  void takesWhatSparksOwnSourceDecoded() throws IOException {
    Path pictures = Files.createDirectories(temporary.resolve("pictures"));
    BufferedImage colour = ImageIO.read(folder.resolve("images/val/ring/0001.jpg").toFile());
    ImageIO.write(colour, "png", pictures.resolve("colour.png").toFile());
    BufferedImage grey =
        new BufferedImage(colour.getWidth(), colour.getHeight(), BufferedImage.TYPE_BYTE_GRAY);
    grey.getRaster()
        .setSamples(0, 0, 32, 32, 0, colour.getRaster().getSamples(0, 0, 32, 32, 0, (int[]) null));
    ImageIO.write(grey, "png", pictures.resolve("grey.png").toFile());
    Files.write(pictures.resolve("none.png"), new byte[] {1, 2, 3});

    List<Row> decoded =
        DropBlockModel.load(path("run"))
            .transform(spark.read().format("image").load(pictures.toString()))
            .withColumn("name", substring_index(col("image.origin"), "/", -1))
            .orderBy("name")
            .collectAsList();
    List<Row> encoded =
        model()
            .transform(spark.read().format("binaryFile").load(pictures.toString()))
            .withColumn("name", substring_index(col("path"), "/", -1))
            .orderBy("name")
            .collectAsList();
    assertThat(decoded).hasSize(3);
    for (int i = 0; i < 2; i++) {
      double[] expected = encoded.get(i).<Vector>getAs("probability").toArray();
      assertThat(decoded.get(i).<Vector>getAs("probability").toArray())
          .containsExactly(expected, within(CLOSE));
    }
    assertThat(decoded.get(2).<String>getAs("broken")).isEqualTo("Spark could not decode it");
    assertThat(encoded.get(2).<String>getAs("broken")).isNotBlank();
  }

  @Test
  void savedInAPipelineItIsTheSame() throws IOException {
    DropBlockModel model = model().setFeaturesCol("features").setPredictionCol("said");
    Dataset<Row> rows =
        images().withColumn("label", when(col("name").startsWith("ring"), 1.0).otherwise(0.0));
    PipelineModel fitted =
        new Pipeline()
            .setStages(
                new PipelineStage[] {
                  model.setProbabilityCol(""), new LogisticRegression().setMaxIter(3)
                })
            .fit(rows);
    fitted.write().overwrite().save(path("pipeline"));
    fitted.write().overwrite().save(path("pipeline"));
    PipelineModel loaded = PipelineModel.load(path("pipeline"));
    assertThat(loaded.stages()[0]).isInstanceOf(DropBlockModel.class);
    assertThat(loaded.stages()[0].uid()).isEqualTo(model.uid());
    assertThat(loaded.stages()[0].extractParamMap().toString())
        .isEqualTo(model.extractParamMap().toString());
    assertThat(answers(loaded, rows)).isEqualTo(answers(fitted, rows)).hasSize(18);

    // a model of its own, without the run
    model().save(path("model"));
    DropBlockModel alone = DropBlockModel.load(path("model"));
    assertThat(alone.classes()).isEqualTo(model.classes());
    assertThat(alone.getBatchSize()).isEqualTo(4);
    assertThat(answers(alone, rows)).isEqualTo(answers(model(), rows));
    assertThatThrownBy(() -> model().save(path("model"))).hasMessageContaining("already exists");
    assertThatThrownBy(() -> DropBlockModel.read().rawWeights().load(path("model")))
        .hasMessageContaining("it is a saved model");
    try (Stream<Path> files = Files.walk(folder.resolve("model"))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .contains("recipe.yaml", "configuration.json", "parameters.bin")
          .doesNotContain("average.bin", "velocity.bin");
    }
  }

  private static Map<String, Object> answers(Transformer model, Dataset<Row> rows) {
    Map<String, Object> answers = new HashMap<>();
    for (Row row : model.transform(rows).collectAsList()) {
      answers.put(row.getAs("name"), row.getAs("prediction"));
    }
    return answers;
  }

  @Test
  void theMovingAverageIsTakenUnlessOneSaysOtherwise() {
    Dataset<Row> rows = images().limit(2).coalesce(1);
    Row averaged = model().transform(rows).first();
    Row raw =
        DropBlockModel.read()
            .checkpoint("latest")
            .rawWeights()
            .load(path("run"))
            .setInputCol("content")
            .transform(rows)
            .first();
    assertThat(raw.<Vector>getAs("probability"))
        .isNotEqualTo(averaged.<Vector>getAs("probability"));
    assertThatThrownBy(() -> DropBlockModel.read().checkpoint("epoch-0009").load(path("run")))
        .hasMessageContaining("there is none; there are epoch-0001");
    assertThatThrownBy(() -> DropBlockModel.load(path("nothing")))
        .hasMessageContaining("Cannot open run")
        .hasMessageContaining("there is no such folder");
  }

  @Test
  void refusesWhatItCannotDoByName() {
    StructType schema =
        new StructType()
            .add("content", DataTypes.BinaryType)
            .add("text", DataTypes.StringType)
            .add("image", new StructType().add("bytes", DataTypes.BinaryType))
            .add("Broken", DataTypes.StringType);
    DropBlockModel model = model().setBrokenCol("why");
    assertThat(model.transformSchema(schema).fieldNames())
        .containsExactly("content", "text", "image", "Broken", "prediction", "probability", "why");
    Map<DropBlockModel, String> wrong =
        Map.of(
            model().setInputCol("pixels").setBrokenCol(""),
            "Cannot read images from column 'pixels': there is none of that name; there are"
                + " content, text, image, Broken; set inputCol",
            model().setInputCol("text").setBrokenCol(""),
            "Cannot read images from column 'text': its type is string; a column of bytes is taken",
            model().setInputCol("image").setBrokenCol(""),
            "its type is struct<bytes:binary>; select image.bytes as a column of its own",
            model(),
            "Cannot add column 'broken': there is one already",
            model().setBrokenCol("").setPredictionCol("").setProbabilityCol(""),
            "Cannot predict without a column for it",
            model().setBrokenCol("").setFeaturesCol("v").setLayer("head/pol"),
            "Cannot take features of layer 'head/pol': the network has none of that name; its last"
                + " ones are ",
            model().setBrokenCol("").setLayer("head/pool"),
            "without a column for them: set featuresCol, too",
            model().setBrokenCol("").setBatchSize(2_000_000_000),
            "Cannot predict with batchSize 2000000000: of images of 32 x 32 pixels");
    wrong.forEach(
        (one, message) ->
            assertThatThrownBy(() -> one.transformSchema(schema))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message));
    assertThatThrownBy(() -> model().setBatchSize(0)).hasMessageContaining("batchSize");
  }

  private static byte[] image(String name) {
    try {
      return Files.readAllBytes(folder.resolve("images/val").resolve(name));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
