/** ILSVRC2012 as it is downloaded. */
package io.dropblock.spark.data.source.imagenet;
