package io.dropblock.spark.data.source.tfrecord;

/** What the features of a record are called, by who wrote them. */
enum RecordForm {
  /** TensorFlow's {@code imagenet_to_gcs.py}; label 0 is its background, which no record has. */
  IMAGENET("image/encoded", "image/class/label", 1, "image/class/synset", "image/filename"),

  /** TensorFlow Datasets (TFDS), whose labels are the lines of {@code label.labels.txt}. */
  TFDS("image", "label", 0, null, "file_name");

  private final String image;
  private final String label;
  private final int firstLabel;
  private final String synset;
  private final String fileName;

  RecordForm(String image, String label, int firstLabel, String synset, String fileName) {
    this.image = image;
    this.label = label;
    this.firstLabel = firstLabel;
    this.synset = synset;
    this.fileName = fileName;
  }

  /** The feature with the image's bytes. */
  String image() {
    return image;
  }

  /** The feature with the number of its class. */
  String label() {
    return label;
  }

  /** The least number of a class. */
  int firstLabel() {
    return firstLabel;
  }

  /** The feature with the name of its class, or null where there is none. */
  String synset() {
    return synset;
  }

  /** The feature with the name of the file that it was. */
  String fileName() {
    return fileName;
  }
}
