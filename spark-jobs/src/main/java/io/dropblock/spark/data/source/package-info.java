/**
 * Data sets as people have them. A source is only listed here: which images there are, in which
 * file and byte range each lies, and what class it shows. The driver does it alone where that is
 * quick, and in a Spark job where files are many and large. Storing the images is the work of
 * {@code data.shard}.
 */
package io.dropblock.spark.data.source;
