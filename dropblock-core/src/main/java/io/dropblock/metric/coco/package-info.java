/**
 * Average precision as COCO measures it, equal to pycocotools'. Detections are matched with objects
 * image by image; only a bit of each for each way to look at it is kept.
 */
package io.dropblock.metric.coco;
