/** What the last evaluation of a run found, in the run's folder: scores, and images of examples. */
package io.dropblock.spark.report.evaluated;
