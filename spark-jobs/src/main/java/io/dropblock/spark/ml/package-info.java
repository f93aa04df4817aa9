/**
 * A trained network as a transformer of Spark ML, for pipelines and evaluators of whoever has one.
 * The one package that needs Spark SQL and Spark's MLlib, which the other commands do without.
 */
package io.dropblock.spark.ml;
