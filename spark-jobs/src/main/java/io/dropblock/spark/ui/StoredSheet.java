package io.dropblock.spark.ui;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.dropblock.spark.report.evaluated.EmbeddedPicture;
import io.dropblock.spark.report.evaluated.Evaluated;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.apache.spark.util.kvstore.KVIndex;
import org.apache.spark.util.kvstore.KVStore;

/** Images of the last evaluation in the store of an application's UI, which holds one of them. */
public final class StoredSheet {
  private static final String KEY = "last";

  /** The same for all, so that each replaces the one before. */
  @KVIndex private final String key;

  private final int epochs;
  private final String alt;
  private final String jpeg;

  /**
   * @param key of the store
   * @param epochs that were done, 1 or more
   * @param alt what is to be seen, in words
   * @param jpeg the picture in base64
   */
  @JsonCreator
  public StoredSheet(
      @JsonProperty("key") String key,
      @JsonProperty("epochs") int epochs,
      @JsonProperty("alt") String alt,
      @JsonProperty("jpeg") String jpeg) {
    this.key = key;
    this.epochs = epochs;
    this.alt = alt;
    this.jpeg = jpeg;
  }

  static StoredSheet of(TrainingEvaluated told) {
    return new StoredSheet(KEY, told.getEpochs(), told.getAlt(), told.getJpeg());
  }

  static void delete(KVStore store) throws Exception {
    store.delete(StoredSheet.class, KEY);
  }

  /** What a store holds; empty before the first evaluation, and of older versions. */
  static Optional<Evaluated> read(KVStore store) throws Exception {
    try {
      StoredSheet sheet = store.read(StoredSheet.class, KEY);
      return Optional.of(
          Evaluated.of(sheet.epochs, new EmbeddedPicture("image/jpeg", sheet.jpeg, sheet.alt)));
    } catch (NoSuchElementException e) {
      return Optional.empty();
    }
  }

  /** Of the store. */
  public String getKey() {
    return key;
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
