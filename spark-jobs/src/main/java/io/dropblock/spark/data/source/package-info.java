/**
 * Data sets as people have them. A source is only listed here: which images there are, in which
 * file and byte range each lies, and what each shows. There is a package for each family of data
 * sets, which know nothing of each other; this one holds what all of them say. The driver lists
 * alone where that is quick, and in a Spark job where files are many and large. Storing the images
 * is the work of {@code data.shard}.
 */
package io.dropblock.spark.data.source;
