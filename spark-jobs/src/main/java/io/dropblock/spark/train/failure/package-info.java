/** How training ends before its time, in one line. */
package io.dropblock.spark.train.failure;
