/** What the model says beside what was measured. */
package io.dropblock.spark.scaling.comparison;
