/**
 * The JSON of COCO's files, read strictly: each part of it as it is written, or a {@link
 * io.dropblock.spark.data.source.coco.json.CocoFlaw}.
 */
package io.dropblock.spark.data.source.coco.json;
