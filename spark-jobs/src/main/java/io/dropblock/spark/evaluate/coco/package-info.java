/**
 * Results in COCO's format: read and scored against a file of annotations, without a network, and
 * written.
 */
package io.dropblock.spark.evaluate.coco;
