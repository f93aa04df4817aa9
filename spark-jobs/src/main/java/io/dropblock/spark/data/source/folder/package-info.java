/** Images in a folder a class, in a directory or a tar. */
package io.dropblock.spark.data.source.folder;
