package io.dropblock.spark.ml;

import java.util.List;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamValidators;

/**
 * The parameters of {@link DropBlockModel}. A column whose name is empty is left out.
 *
 * <p>Spark ML finds them by reflection: public methods without arguments that give a {@code Param}.
 */
public abstract class DropBlockModelParams extends Model<DropBlockModel> {
  private static final long serialVersionUID = 1L;

  private final String uid;
  private final Param<String> inputCol;
  private final Param<String> predictionCol;
  private final Param<String> probabilityCol;
  private final Param<String> featuresCol;
  private final Param<String> layer;
  private final Param<String> brokenCol;
  private final Param<String> handleInvalid;
  private final IntParam batchSize;

  DropBlockModelParams(String uid) {
    this.uid = uid;
    inputCol =
        new Param<>(
            this,
            "inputCol",
            "column of images: bytes of JPEGs and PNGs, or structs of Spark's data source image");
    predictionCol =
        new Param<>(
            this,
            "predictionCol",
            "column of predictions: the number of the most probable class, or a struct of what the"
                + " command predict tells of objects or pixels; empty for none");
    probabilityCol =
        new Param<>(
            this,
            "probabilityCol",
            "column of a vector with the probability of each class, of a network that gives an"
                + " image one class; empty for none");
    featuresCol =
        new Param<>(
            this,
            "featuresCol",
            "column of a vector with the activations of a layer; empty, the default, for none");
    layer =
        new Param<>(
            this,
            "layer",
            "layer whose activations featuresCol holds; default: what the last layer reads, where"
                + " the network gives an image one class");
    brokenCol =
        new Param<>(
            this,
            "brokenCol",
            "column that says why an image has no prediction, where handleInvalid is keep; empty"
                + " for none");
    handleInvalid =
        new Param<>(
            this,
            "handleInvalid",
            "what becomes of a row whose image is broken or missing: keep gives it nulls and a"
                + " reason, skip leaves it out, error ends the job",
            ParamValidators.inArray(List.of(InvalidImages.words())));
    batchSize =
        new IntParam(
            this,
            "batchSize",
            "images that go through the network together, at least 1; default: the run's"
                + " train.local_batch",
            ParamValidators.gtEq(1));
    setDefault(inputCol, "image");
    setDefault(predictionCol, "prediction");
    setDefault(featuresCol, "");
    setDefault(brokenCol, "broken");
    setDefault(handleInvalid, InvalidImages.KEEP.word());
  }

  @Override
  public String uid() {
    return uid;
  }

  abstract DropBlockModel self();

  private DropBlockModel with(Param<String> param, String value) {
    set(param, value);
    return self();
  }

  /** Empty where it is neither set nor has a default. */
  private String text(Param<String> param) {
    return isDefined(param) ? getOrDefault(param) : "";
  }

  /** Column of images. */
  public Param<String> inputCol() {
    return inputCol;
  }

  /** See {@link #inputCol}. */
  public String getInputCol() {
    return text(inputCol);
  }

  /** See {@link #inputCol}. */
  public DropBlockModel setInputCol(String value) {
    return with(inputCol, value);
  }

  /** Column of predictions. */
  public Param<String> predictionCol() {
    return predictionCol;
  }

  /** See {@link #predictionCol}. */
  public String getPredictionCol() {
    return text(predictionCol);
  }

  /** See {@link #predictionCol}. */
  public DropBlockModel setPredictionCol(String value) {
    return with(predictionCol, value);
  }

  /** Column of the probabilities of all classes. */
  public Param<String> probabilityCol() {
    return probabilityCol;
  }

  /** See {@link #probabilityCol}; empty where the network does not give an image one class. */
  public String getProbabilityCol() {
    return text(probabilityCol);
  }

  /** See {@link #probabilityCol}. */
  public DropBlockModel setProbabilityCol(String value) {
    return with(probabilityCol, value);
  }

  /** Column of the activations of {@link #layer}. */
  public Param<String> featuresCol() {
    return featuresCol;
  }

  /** See {@link #featuresCol}. */
  public String getFeaturesCol() {
    return text(featuresCol);
  }

  /** See {@link #featuresCol}. */
  public DropBlockModel setFeaturesCol(String value) {
    return with(featuresCol, value);
  }

  /** Name of a layer, one of {@link DropBlockModel#layers}. */
  public Param<String> layer() {
    return layer;
  }

  /** See {@link #layer}; empty where none is set and there is no default. */
  public String getLayer() {
    return text(layer);
  }

  /** See {@link #layer}. */
  public DropBlockModel setLayer(String value) {
    return with(layer, value);
  }

  /** Column of reasons why there is no prediction. */
  public Param<String> brokenCol() {
    return brokenCol;
  }

  /** See {@link #brokenCol}. */
  public String getBrokenCol() {
    return text(brokenCol);
  }

  /** See {@link #brokenCol}. */
  public DropBlockModel setBrokenCol(String value) {
    return with(brokenCol, value);
  }

  /** What becomes of broken images: {@code keep}, {@code skip} or {@code error}. */
  public Param<String> handleInvalid() {
    return handleInvalid;
  }

  /** See {@link #handleInvalid}. */
  public String getHandleInvalid() {
    return text(handleInvalid);
  }

  /** See {@link #handleInvalid}. */
  public DropBlockModel setHandleInvalid(String value) {
    return with(handleInvalid, value);
  }

  /** Images that go through the network together. */
  public IntParam batchSize() {
    return batchSize;
  }

  /** See {@link #batchSize}. */
  public int getBatchSize() {
    return (Integer) getOrDefault(batchSize);
  }

  /** See {@link #batchSize}. */
  public DropBlockModel setBatchSize(int value) {
    set(batchSize, value);
    return self();
  }
}
