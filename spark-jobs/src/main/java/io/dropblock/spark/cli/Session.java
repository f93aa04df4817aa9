package io.dropblock.spark.cli;

import org.apache.spark.api.java.JavaSparkContext;

/**
 * A connection to the cluster that submit.sh names, for the time of one command.
 *
 * @param spark the connection
 */
record Session(JavaSparkContext spark) implements AutoCloseable {

  @Override
  public void close() {
    spark.close();
  }
}
