package io.dropblock.spark;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.hadoop.yarn.api.records.NodeId;
import org.apache.hadoop.yarn.conf.YarnConfiguration;
import org.apache.hadoop.yarn.exceptions.YarnException;
import org.apache.hadoop.yarn.server.MiniYARNCluster;
import org.apache.hadoop.yarn.server.resourcemanager.nodelabels.RMNodeLabelsManager;

/**
 * The program of a small YARN: a resource manager, two node managers and an HDFS in one JVM, on
 * loopback addresses. Containers are processes of this machine, watched for their memory. Beside
 * {@code default} there is the queue {@code training}; the second node has the label {@code ranks},
 * and others may use it while nobody asks for the label.
 */
final class MiniYarn {
  /** MiB of memory of a node, for containers. */
  static final int NODE_MEMORY = 3584;

  /** The file that is there when the cluster is, in the folder with the clients' files. */
  static final String READY = "ready";

  private static final String LABEL = "ranks";
  private static final int CORES = 4;
  private static final String CAPACITY = "yarn.scheduler.capacity.root";

  private MiniYarn() {}

  /**
   * Runs until its input ends, as it does with the process that started it.
   *
   * @param arguments the folder of the disks, and that of core-site.xml and yarn-site.xml
   */
  public static void main(String[] arguments) {
    try {
      start(Path.of(arguments[0]), Path.of(arguments[1]));
      while (System.in.read() >= 0) {
        // as long as the test lives
      }
      ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
      // to stop in order takes half a minute
      Runtime.getRuntime().halt(0);
    } catch (Throwable e) {
      e.printStackTrace();
      // threads of what did start would keep it alive
      Runtime.getRuntime().halt(1);
    }
  }

  private static void start(Path disks, Path clients)
      throws IOException, InterruptedException, YarnException {
    Configuration hdfs = new Configuration();
    hdfs.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, disks.resolve("hdfs").toString());
    hdfs.set("dfs.replication", "1");
    MiniDFSCluster files = new MiniDFSCluster.Builder(hdfs).numDataNodes(1).build();
    MiniYARNCluster yarn = new MiniYARNCluster("yarn", 1, 2, 1, 1);
    Configuration configuration = new YarnConfiguration(hdfs);
    configuration.set("fs.defaultFS", files.getURI().toString());
    settings(disks).forEach(configuration::set);
    yarn.init(configuration);
    yarn.start();
    yarn.waitForNodeManagersToConnect(60_000);
    label(yarn);
    write(configuration, clients);
  }

  private static Map<String, String> settings(Path disks) {
    return Map.ofEntries(
        Map.entry(
            YarnConfiguration.YARN_MC_PREFIX + YarnConfiguration.NM_PMEM_MB, "" + NODE_MEMORY),
        Map.entry(YarnConfiguration.YARN_MINICLUSTER_CONTROL_RESOURCE_MONITORING, "true"),
        Map.entry(YarnConfiguration.NM_VMEM_CHECK_ENABLED, "false"),
        Map.entry(YarnConfiguration.NM_VCORES, "" + CORES),
        Map.entry(YarnConfiguration.RM_SCHEDULER_MINIMUM_ALLOCATION_MB, "64"),
        Map.entry(YarnConfiguration.RM_SCHEDULER_MAXIMUM_ALLOCATION_MB, "" + NODE_MEMORY),
        Map.entry("yarn.resourcemanager.nodemanagers.heartbeat-interval-ms", "100"),
        // a full disk of the machine is none of its business
        Map.entry(
            "yarn.nodemanager.disk-health-checker.max-disk-utilization-per-disk-percentage", "100"),
        Map.entry(YarnConfiguration.NODE_LABELS_ENABLED, "true"),
        Map.entry(
            YarnConfiguration.FS_NODE_LABELS_STORE_ROOT_DIR,
            disks.resolve("labels").toUri().toString()),
        Map.entry("yarn.scheduler.capacity.maximum-am-resource-percent", "1.0"),
        Map.entry(CAPACITY + ".queues", "default,training"),
        Map.entry(CAPACITY + ".accessible-node-labels", "*"),
        Map.entry(CAPACITY + ".accessible-node-labels." + LABEL + ".capacity", "100"),
        Map.entry(CAPACITY + ".default.capacity", "50"),
        Map.entry(CAPACITY + ".default.user-limit-factor", "2"),
        Map.entry(CAPACITY + ".training.capacity", "50"),
        Map.entry(CAPACITY + ".training.user-limit-factor", "2"),
        Map.entry(CAPACITY + ".default.accessible-node-labels." + LABEL + ".capacity", "50"),
        Map.entry(CAPACITY + ".training.accessible-node-labels." + LABEL + ".capacity", "50"));
  }

  private static void label(MiniYARNCluster yarn) throws IOException {
    RMNodeLabelsManager labels = yarn.getResourceManager().getRMContext().getNodeLabelManager();
    labels.addToCluserNodeLabels(
        Set.of(org.apache.hadoop.yarn.api.records.NodeLabel.newInstance(LABEL, false)));
    NodeId second = yarn.getNodeManager(1).getNMContext().getNodeId();
    labels.replaceLabelsOnNode(Map.of(second, Set.of(LABEL)));
  }

  /** Nothing but what a client of a cluster has. */
  private static void write(Configuration cluster, Path folder) throws IOException {
    write(cluster, folder.resolve("core-site.xml"), "fs.defaultFS");
    write(cluster, folder.resolve("hdfs-site.xml"), "dfs.replication");
    write(
        cluster,
        folder.resolve("yarn-site.xml"),
        YarnConfiguration.RM_ADDRESS,
        YarnConfiguration.RM_SCHEDULER_ADDRESS,
        YarnConfiguration.RM_WEBAPP_ADDRESS);
    Files.createFile(folder.resolve(READY));
  }

  private static void write(Configuration cluster, Path file, String... keys) throws IOException {
    Configuration told = new Configuration(false);
    for (String key : keys) {
      told.set(key, cluster.get(key));
    }
    try (OutputStream out = Files.newOutputStream(file)) {
      told.writeXml(out);
    }
  }
}
