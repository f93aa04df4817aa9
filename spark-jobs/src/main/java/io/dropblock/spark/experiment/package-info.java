/** What an experiment's trainings come to: means, deviations, a table and a figure. */
package io.dropblock.spark.experiment;
