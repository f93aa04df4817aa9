package io.dropblock.spark.ml;

import io.dropblock.spark.cli.assembly.TrainedInference;
import io.dropblock.spark.predict.PredictionSettings;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.spark.SparkContext;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * A trained network as a transformer of Spark ML: adds what it says of images, as the command
 * {@code predict} does, to the rows of any data set that has a column of them.
 *
 * <p>Images are bytes of JPEGs and PNGs, or what Spark's data source {@code image} made of them, of
 * any size. Of a network that gives an image one class there are {@code predictionCol}, a double
 * with the number of the most probable one, and {@code probabilityCol}, a vector, as Spark's
 * evaluators have them; of others {@code predictionCol} is a struct of {@code predict}'s columns.
 * {@code featuresCol} is a vector of a layer's activations.
 *
 * <p>Nothing is computed before an action asks for rows. Each process of the cluster loads the
 * network once for each of the tasks that run side by side in it; a task computes on {@code
 * spark.task.cpus} cores.
 */
public final class DropBlockModel extends DropBlockModelParams implements MLWritable {
  private static final long serialVersionUID = 1L;

  private final transient TrainedInference trained;
  private final transient SentNetwork network;
  private final transient NetworkLayers layers;

  DropBlockModel(TrainedInference trained) {
    this(Identifiable$.MODULE$.randomUID("dropBlock"), trained);
  }

  DropBlockModel(String uid, TrainedInference trained) {
    this(
        uid,
        trained,
        new SentNetwork(trained.checkpoint().network()),
        new NetworkLayers(
            trained.checkpoint().network().configuration(), trained.inference().size()));
  }

  private DropBlockModel(
      String uid, TrainedInference trained, SentNetwork network, NetworkLayers layers) {
    super(uid);
    this.trained = trained;
    this.network = network;
    this.layers = layers;
    setDefault(batchSize(), Math.min(trained.batch(), PredictionSettings.mostBatch(size(trained))));
    if (trained.classes().isPresent()) {
      setDefault(probabilityCol(), "probability");
    }
    layers.pooled().ifPresent(name -> setDefault(layer(), name));
  }

  private static int size(TrainedInference trained) {
    return trained.inference().size();
  }

  /**
   * Loads the best checkpoint of a run, the moving average of its weights where it has one, or a
   * model that was saved.
   *
   * @param path a run folder, or what {@link #save} wrote, on any file system that Hadoop reads
   */
  public static DropBlockModel load(String path) {
    return read().load(path);
  }

  /** Loads a model with a choice of its checkpoint and weights. */
  public static DropBlockModelReader read() {
    return new DropBlockModelReader();
  }

  @Override
  public MLWriter write() {
    return new DropBlockModelWriter(this, trained.checkpoint());
  }

  /** Names of the layers that {@link #setLayer} takes, in the order of a forward pass. */
  public String[] layers() {
    return layers.names().toArray(String[]::new);
  }

  /** Names of the classes by number; empty where the network does not give an image one class. */
  public String[] classes() {
    return trained.classes().orElse(List.of()).toArray(String[]::new);
  }

  @Override
  DropBlockModel self() {
    return this;
  }

  /** As an application's executors get it. */
  byte[] network(SparkContext context) {
    return network.to(context).value();
  }

  @Override
  public StructType transformSchema(StructType schema) {
    return plan(schema).schema(schema);
  }

  @Override
  public Dataset<Row> transform(Dataset<?> dataset) {
    RowPlan plan = plan(dataset.schema());
    StructType schema = plan.schema(dataset.schema());
    Dataset<Row> predicted =
        dataset
            .toDF()
            .mapPartitions(
                new PredictingTask(network.to(dataset.sparkSession().sparkContext()), plan),
                Encoders.row(schema));
    // what is known of columns gets lost on the way through objects
    return predicted.select(
        Arrays.stream(schema.fields()).map(DropBlockModel::column).toArray(Column[]::new));
  }

  private static Column column(StructField field) {
    return functions
        .col("`" + field.name().replace("`", "``") + "`")
        .as(field.name(), field.metadata());
  }

  private RowPlan plan(StructType schema) {
    ImageColumn images = ImageColumn.of(schema, getInputCol());
    Optional<String> layer = chosenLayer();
    List<OutputColumn> columns =
        OutputColumns.of(this, trained, layer.map(layers::length).orElse(0));
    OutputColumns.requireFree(schema, columns);
    int most = PredictionSettings.mostBatch(size(trained));
    if (getBatchSize() > most) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot predict with batchSize %d: of images of %d x %d pixels %d find room at most",
              getBatchSize(),
              size(trained),
              size(trained),
              most));
    }
    boolean predicts = !getPredictionCol().isEmpty() || !getProbabilityCol().isEmpty();
    return new RowPlan(
        images,
        trained.inference(),
        new WantedOutputs(
            layers.outputs(),
            predicts,
            layer.orElse(null),
            layer.isPresent() && layer.equals(layers.pooled()),
            getBatchSize()),
        columns,
        InvalidImages.of(getHandleInvalid()));
  }

  /** Empty where no features are asked for. */
  private Optional<String> chosenLayer() {
    if (getFeaturesCol().isEmpty()) {
      if (isSet(layer())) {
        throw new IllegalArgumentException(
            "Cannot take features of layer '"
                + getLayer()
                + "' without a column for them: set featuresCol, too");
      }
      return Optional.empty();
    }
    if (getLayer().isEmpty()) {
      throw new IllegalArgumentException(
          "Cannot fill column '"
              + getFeaturesCol()
              + "' with features: the last layer of this network does not read one vector an"
              + " image; set layer to one of layers()");
    }
    return Optional.of(getLayer());
  }

  @Override
  public DropBlockModel copy(ParamMap extra) {
    return copyValues(new DropBlockModel(uid(), trained, network, layers), extra)
        .setParent(parent());
  }

  @Override
  public String toString() {
    return "DropBlockModel: uid=" + uid() + ", size=" + size(trained);
  }
}
