/** Folders that one process writes, and files that are whole or not there, on any file system. */
package io.dropblock.spark.files;
