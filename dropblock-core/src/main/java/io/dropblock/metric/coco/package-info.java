/** Average precision as COCO measures it, equal to pycocotools'. */
package io.dropblock.metric.coco;
