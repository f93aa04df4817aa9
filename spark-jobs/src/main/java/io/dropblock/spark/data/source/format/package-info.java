/** Which data set lies somewhere. */
package io.dropblock.spark.data.source.format;
