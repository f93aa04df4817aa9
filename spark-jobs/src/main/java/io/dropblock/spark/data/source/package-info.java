/**
 * Data sets as people have them. A source is only listed here, on the driver: which images there
 * are, in which file and byte range each lies, and what class it shows. Reading the bytes is the
 * work of the tasks.
 */
package io.dropblock.spark.data.source;
