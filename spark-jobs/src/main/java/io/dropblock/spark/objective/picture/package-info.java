/** What is to be seen of an image and of what a network said of it: plain data, not yet drawn. */
package io.dropblock.spark.objective.picture;
