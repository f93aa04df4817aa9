package io.dropblock.spark.predict;

import io.dropblock.nn.FloatArrays;
import io.dropblock.spark.data.annotation.Annotation;
import io.dropblock.spark.predict.source.EncodedImage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Images that go through the network together, in memory that is used again. Broken ones are among
 * them: whatever lies in their place of the pixels, what the network says of it is not told.
 */
public final class ImageBatch {
  private static final int CHANNELS = 3;

  private final int size;
  private final FloatBuffer pixels;
  private final List<String> names;
  private final List<Annotation> known;
  private final List<String> broken;
  private Inference.Samples samples;

  /**
   * @param images most that it holds
   * @param size side of their squares
   */
  public ImageBatch(int images, int size) {
    this.size = size;
    this.names = new ArrayList<>(images);
    this.known = new ArrayList<>(images);
    // never grows: other threads say why images are broken while more of them are taken in
    this.broken = new ArrayList<>(images);
    this.pixels =
        ByteBuffer.allocateDirect(Math.multiplyExact(images, CHANNELS * size * size * Float.BYTES))
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
  }

  /** Empties it for the images of another batch. */
  public void clear(Inference.Samples next) {
    samples = next;
    names.clear();
    known.clear();
    broken.clear();
  }

  /** Takes an image in, but for its bytes; returns its place. */
  int add(EncodedImage image) {
    int place = add(image.name(), image.broken());
    known.set(place, image.known());
    return place;
  }

  /**
   * Takes an image in of which nothing is known.
   *
   * @param reason why it is broken; null if it is not, as far as is known
   * @return its place, from 0
   */
  public int add(String name, String reason) {
    names.add(name);
    known.add(null);
    broken.add(reason);
    return names.size() - 1;
  }

  /** Says why an image is broken. */
  public void breaks(int image, String reason) {
    broken.set(image, reason);
  }

  /** Number of images that it holds now. */
  public int images() {
    return names.size();
  }

  String name(int image) {
    return names.get(image);
  }

  /** What is known of an image; null where nothing is. */
  Annotation known(int image) {
    return known.get(image);
  }

  /** Why an image is broken; null if it is not. */
  public String broken(int image) {
    return broken.get(image);
  }

  /** What decodes its images, and reads what the network says of them. */
  public Inference.Samples samples() {
    return samples;
  }

  /** Room for all images, {@code 3 * size * size} floats each. */
  public FloatBuffer pixels() {
    return pixels;
  }

  /** Where the pixels of an image begin. */
  public int offset(int image) {
    return image * CHANNELS * size * size;
  }

  /** What the network takes: the pixels themselves, not a copy. */
  public INDArray input() {
    FloatBuffer used = pixels.duplicate().position(0).limit(offset(images()));
    return FloatArrays.over(used.slice(), images(), CHANNELS, size, size);
  }
}
