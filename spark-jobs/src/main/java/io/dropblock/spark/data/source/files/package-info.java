/**
 * What the raw data sets have in common: the files and folders of a disk, of another file system or
 * of a tar as one tree, what their names say, and small files read whole. Nothing here knows a data
 * set.
 */
package io.dropblock.spark.data.source.files;
