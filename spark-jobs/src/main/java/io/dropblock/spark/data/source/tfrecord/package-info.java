/** Images in TFRecord files, as ImageNet and TFDS have them. */
package io.dropblock.spark.data.source.tfrecord;
