/**
 * What is known of an image: its class, the objects in it, or the class of each pixel. Plain data,
 * the same in sources, shards and feeds.
 */
package io.dropblock.spark.data.annotation;
