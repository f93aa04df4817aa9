/** A simulated Kubernetes: an API server in a JVM of its own, and a kubelet that starts JVMs. */
package io.dropblock.spark.kubernetes;
