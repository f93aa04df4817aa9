package io.dropblock.spark.ui;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.dropblock.spark.report.evaluated.EmbeddedPicture;
import io.dropblock.spark.report.evaluated.Evaluated;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.apache.spark.util.kvstore.KVIndex;
import org.apache.spark.util.kvstore.KVStore;

/** Images of a run's last evaluation in the store of an application's UI. */
public final class StoredSheet {
  /** The run's address, so that each replaces the one before. */
  @KVIndex private final String run;

  private final int epochs;
  private final String alt;
  private final String jpeg;

  /**
   * @param run address of its folder
   * @param epochs that were done, 1 or more
   * @param alt what is to be seen, in words
   * @param jpeg the picture in base64
   */
  @JsonCreator
  public StoredSheet(
      @JsonProperty("run") String run,
      @JsonProperty("epochs") int epochs,
      @JsonProperty("alt") String alt,
      @JsonProperty("jpeg") String jpeg) {
    this.run = run;
    this.epochs = epochs;
    this.alt = alt;
    this.jpeg = jpeg;
  }

  static StoredSheet of(String run, TrainingEvaluated told) {
    return new StoredSheet(run, told.getEpochs(), told.getAlt(), told.getJpeg());
  }

  static void delete(KVStore store, String run) throws Exception {
    store.delete(StoredSheet.class, run);
  }

  /** What a store holds of a run; empty before the first evaluation, and of older versions. */
  static Optional<Evaluated> read(KVStore store, String run) throws Exception {
    try {
      StoredSheet sheet = store.read(StoredSheet.class, run);
      return Optional.of(
          Evaluated.of(sheet.epochs, new EmbeddedPicture("image/jpeg", sheet.jpeg, sheet.alt)));
    } catch (NoSuchElementException e) {
      return Optional.empty();
    }
  }

  /** Address of its folder. */
  public String getRun() {
    return run;
  }

  /** That were done, 1 or more. */
  public int getEpochs() {
    return epochs;
  }

  /** What is to be seen, in words. */
  public String getAlt() {
    return alt;
  }

  /** The picture in base64. */
  public String getJpeg() {
    return jpeg;
  }
}
