/** MATLAB 5 files, as far as data sets have their labels in them. */
package io.dropblock.spark.data.source.matlab;
