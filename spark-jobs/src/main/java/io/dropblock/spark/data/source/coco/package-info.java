/**
 * Objects in COCO's format: where its files lie, and which of its images and annotations are used.
 */
package io.dropblock.spark.data.source.coco;
