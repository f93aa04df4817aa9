/** PASCAL VOC 2012 for segmentation, and the Semantic Boundaries Dataset beside it. */
package io.dropblock.spark.data.source.voc;
