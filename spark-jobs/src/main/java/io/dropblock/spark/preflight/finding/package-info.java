/** What a check found, and how it is told: the lines of the table. */
package io.dropblock.spark.preflight.finding;
