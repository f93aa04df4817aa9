/** A page that tells how runs went, for a browser and without a server. */
package io.dropblock.spark.report.page;
