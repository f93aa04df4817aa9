/**
 * The kinds of annotations, a class each: how one is stored, checked, counted, described and drawn.
 * Shards, their inspection and the tables ask the kind of a data set and know none by name.
 */
package io.dropblock.spark.data.kind;
