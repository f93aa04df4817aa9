/** What people see of a run: the line while it goes on, the table at its end. */
package io.dropblock.spark.report;
