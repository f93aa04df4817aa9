/** What tests need to hold the pages of docs against the code. */
package io.dropblock.spark.page;
