package io.dropblock.spark.cli;

import org.apache.hadoop.security.UserGroupInformation;

/**
 * Logs a user in to Hadoop by a name, in a JVM whose user the system has no name for, as in many
 * containers: Hadoop asks the system, and ends with {@code invalid null input: name}. submit.sh
 * names it to such JVMs, the driver's and executors', with {@code -javaagent}: it must come before
 * Spark.
 */
public final class LoginUser {
  private LoginUser() {}

  /**
   * Called by Java before {@code main}. Leaves a cluster with Kerberos to its tickets.
   *
   * @param name of the user, in HDFS, too
   */
  public static void premain(String name) {
    if (!UserGroupInformation.isSecurityEnabled()) {
      UserGroupInformation.setLoginUser(UserGroupInformation.createRemoteUser(name));
    }
  }
}
