package io.dropblock.spark.data.source;

import io.dropblock.spark.data.Split;

/**
 * One split of a COCO data set.
 *
 * @param split which one
 * @param annotations the JSON file
 * @param folder with the images, from the tree's root; ends with a slash
 */
record CocoPart(Split split, FileTree.Entry annotations, String folder) {}
