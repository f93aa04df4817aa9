/** Event files that TensorBoard reads. */
package io.dropblock.spark.tensorboard;
