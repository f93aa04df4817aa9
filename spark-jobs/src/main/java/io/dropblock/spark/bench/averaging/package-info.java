/** The ring's averaging between two processes, beside the bare transfer of the same bytes. */
package io.dropblock.spark.bench.averaging;
