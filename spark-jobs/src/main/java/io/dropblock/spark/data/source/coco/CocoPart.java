package io.dropblock.spark.data.source.coco;

import io.dropblock.spark.data.Split;
import io.dropblock.spark.data.source.files.FileTree;

/**
 * One split of a COCO data set.
 *
 * @param split which one
 * @param annotations the JSON file
 * @param folder with the images, from the tree's root; ends with a slash
 */
record CocoPart(Split split, FileTree.Entry annotations, String folder) {}
