package io.dropblock.spark.data.feed;

import io.dropblock.spark.data.annotation.ClassLabel;
import io.dropblock.spark.data.image.BrokenImageException;
import io.dropblock.spark.data.image.ImageTransform;
import io.dropblock.spark.data.image.Normalization;
import io.dropblock.spark.data.image.mix.BatchMix;
import io.dropblock.spark.data.image.mix.Squares;
import io.dropblock.spark.data.kind.AnnotationKind;
import io.dropblock.spark.data.kind.ClassLabelKind;
import io.dropblock.spark.data.shard.ImageRecord;
import java.nio.FloatBuffer;
import java.util.Objects;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** For classification. */
public final class ClassPreprocessing implements Preprocessing {
  private static final long serialVersionUID = 1L;

  private final ImageTransform transform;
  // null where each image stays one
  private final BatchMix mix;

  /**
   * Each image for itself.
   *
   * @param transform from image to square
   */
  public ClassPreprocessing(ImageTransform transform) {
    this(transform, Optional.empty());
  }

  /**
   * The images of a micro-batch mixed with each other, if they are.
   *
   * @param transform from image to square
   * @param mix what is done with the squares
   */
  public ClassPreprocessing(ImageTransform transform, Optional<BatchMix> mix) {
    this.transform = Objects.requireNonNull(transform, "transform is null");
    this.mix = mix.orElse(null);
  }

  /** From image to square. */
  public ImageTransform transform() {
    return transform;
  }

  /** What is done with the squares of a micro-batch, if anything is. */
  public Optional<BatchMix> mix() {
    return Optional.ofNullable(mix);
  }

  @Override
  public AnnotationKind kind() {
    return new ClassLabelKind();
  }

  @Override
  public int size() {
    return transform.size();
  }

  @Override
  public Samples start(int samples, int classes) {
    return new Classes(new int[samples], classes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ClassPreprocessing that
        && transform.equals(that.transform)
        && Objects.equals(mix, that.mix);
  }

  @Override
  public int hashCode() {
    return Objects.hash(transform, mix);
  }

  @Override
  public String toString() {
    return mix == null
        ? "ClassPreprocessing(" + transform + ")"
        : "ClassPreprocessing(" + transform + ", " + mix + ")";
  }

  private final class Classes implements Samples {
    private final int[] labels;
    private final int classes;
    private int next;
    private Targets mixed;

    Classes(int[] labels, int classes) {
      this.labels = labels;
      this.classes = classes;
    }

    @Override
    public void add(
        ImageRecord record,
        RandomGenerator random,
        Normalization normalization,
        FloatBuffer pixels,
        int offset)
        throws BrokenImageException {
      int label = ((ClassLabel) record.annotation()).label();
      Preprocessing.requireClass(label, classes);
      labels[next++] = label;
      transform.decodeAndApply(record.bytes(), random, normalization, pixels, offset);
    }

    @Override
    public void complete(RandomGenerator random, FloatBuffer pixels) {
      if (mix != null) {
        float weight = mix.apply(new Squares(pixels, labels.length, size()), random);
        mixed = ClassTargets.mixed(labels, weight);
      }
    }

    @Override
    public Targets targets() {
      if (mix != null && mixed == null) {
        throw new IllegalStateException("Cannot give targets: the images are not mixed yet");
      }
      return mix == null ? ClassTargets.of(labels) : mixed;
    }
  }
}
